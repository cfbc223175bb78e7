"""Deeds on the client record, by subject."""
