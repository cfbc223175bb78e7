"""Reads of the value model that pages and API share."""
