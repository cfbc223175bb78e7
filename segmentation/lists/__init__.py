"""Lists of the value model."""
