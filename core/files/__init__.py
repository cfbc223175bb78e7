"""Files that people and channels bring: sealed outside the web root, opened only after the scan.

An app has a table of its own that extends StoredFile and says what the file belongs to.
"""
