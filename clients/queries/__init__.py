"""Reads of client records that pages and API share."""
