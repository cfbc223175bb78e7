"""List pages of the client record, one file a list."""
