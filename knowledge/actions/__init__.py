"""Deeds on what the firm knows and how well it serves; each file one kind of thing."""
