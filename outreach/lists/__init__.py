"""List pages, one file a list."""
