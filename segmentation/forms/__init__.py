"""Forms of the value model."""
