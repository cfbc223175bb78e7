"""REST of the value model."""
