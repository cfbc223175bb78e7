"""The feed door: packages in, quarantined rows released."""

from trading.feed.loader import LoadResult, feed_lock, load_package

__all__ = ["LoadResult", "feed_lock", "load_package"]
