"""The sealed rows of an import and what became of them."""

import json
from typing import Any

from clients.models import ImportChunk
from core import crypto

Row = tuple[int, list[str]]


def rows_of(chunk: ImportChunk) -> list[Row]:
    """Each row's number in the file and its cells."""
    return json.loads(crypto.unseal(chunk.rows, chunk.context("rows")))


def results_of(chunk: ImportChunk) -> list[dict[str, Any]]:
    """What became of a chunk's rows: number, does, why, client_no, and the way back."""
    return json.loads(crypto.unseal(chunk.results, chunk.context("results")) or "[]")
