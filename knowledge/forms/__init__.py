"""Forms of scripts, articles and inspections."""
