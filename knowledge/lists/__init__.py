"""Lists of scripts, articles and inspections."""
