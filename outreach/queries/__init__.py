"""Reads that pages and API share, one file a subject."""
