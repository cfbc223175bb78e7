"""Deeds over many rows: chosen, frozen, previewed, done chunk by chunk as a job, taken back."""

from core.bulk.deeds import BulkDeed, BulkForm, BulkResult, BulkWork, LeftOut

__all__ = ["BulkDeed", "BulkForm", "BulkResult", "BulkWork", "LeftOut"]
