"""Reads that pages, API and the desk share; each file one kind of thing."""
