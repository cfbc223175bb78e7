"""The lines of the access matrix for notices and outreach; see matrix.py for the signs and the callers."""

NOTICES = """
"""
OUTREACH = """
"""
OUTREACH_API = """
"""
