"""Lists as files: asked for, approved, made, fetched, forgotten."""
