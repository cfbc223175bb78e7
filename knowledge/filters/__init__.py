"""Filters of lists and API."""
