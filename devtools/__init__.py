"""The launcher behind dev.py: standard library only, since it runs before anything is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
