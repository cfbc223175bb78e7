"""Pages of the value model."""
