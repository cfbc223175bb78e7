"""REST of scripts, articles and inspections."""
