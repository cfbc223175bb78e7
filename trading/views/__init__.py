"""Pages of the feeds, and what the client page shows of trading."""
