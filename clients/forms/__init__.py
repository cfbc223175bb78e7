"""Forms of the client record, by subject."""
