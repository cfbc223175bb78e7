"""Reads of cases that pages, API and deeds share."""
