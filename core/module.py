"""What core adds to the house: the page of files that people asked for."""

from core.registry import MenuEntry, Module, Worklist

MODULE = Module(
    name="core",
    menu=[MenuEntry("work", "Exports", "exports:list", "download", "exports.request", 90)],
    worklists=[Worklist("Exports to decide on", "exports:list", "", "file-check", "exports.approve", 90)],
)
