"""What core adds to the house: the page of files that people asked for."""

from core.registry import MenuEntry, Module, SealedTable, Worklist


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


MODULE = Module(
    name="core",
    menu=[MenuEntry("work", "Exports", "exports:list", "download", "exports.request", 90)],
    worklists=[Worklist("Exports to decide on", "exports:list", "", "file-check", "exports.approve", 90)],
    api_scopes={"exports:request": _("Ask for lists as files; above 1,000 rows a person approves")},
    sealed=[
        SealedTable(
            "core.ExportPiece",
            ["content"],
            ["export_id", "position"],
            lambda row, _column: f"export:{row['export_id']}:{row['position']}",
        )
    ],
)
