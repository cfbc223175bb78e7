"""Measures speed on a large database made for it: `./dev.py bench [nightly|load|pages|search] --clients N`."""
