"""Lists of cases, complaints and incidents."""
