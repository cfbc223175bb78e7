"""REST of the feeds, and of what trading says of clients."""
