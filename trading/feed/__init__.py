"""The feed door: packages in, quarantined rows released."""

from trading.feed.loader import LoadResult, load_package

__all__ = ["LoadResult", "load_package"]
