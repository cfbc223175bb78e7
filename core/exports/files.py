"""Made files, sealed piece by piece in the database, which web and worker share."""

from collections.abc import Iterator
from typing import IO

from core.crypto import seal_bytes, unseal_bytes
from core.models import Export, ExportPiece

PIECE = 256 * 1024  # bytes


def store(export: Export, content: IO[bytes]) -> int:
    """Puts the file in place of an earlier one; returns its size in bytes."""
    forget(export)
    size, position = 0, 0
    while piece := content.read(PIECE):
        sealed = seal_bytes(piece, _context(export, position))
        ExportPiece.objects.create(export=export, position=position, content=sealed)
        size, position = size + len(piece), position + 1
    return size


def pieces(export: Export) -> Iterator[bytes]:
    """The file's content, piece by piece."""
    for piece in export.pieces.order_by("position").iterator(chunk_size=4):
        yield unseal_bytes(piece.content, _context(export, piece.position))


def forget(export: Export) -> None:
    export.pieces.all().delete()


def _context(export: Export, position: int) -> str:
    return f"export:{export.pk}:{position}"
