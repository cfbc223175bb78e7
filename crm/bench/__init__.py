"""Measures speed on a large database made for it: `./dev.py bench [load|nightly|pages] --clients N`."""
