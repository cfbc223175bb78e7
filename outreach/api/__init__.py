"""REST, one file a subject."""
