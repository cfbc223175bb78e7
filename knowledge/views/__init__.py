"""Pages of scripts, articles and inspections."""
