"""What scripts and checklists add to the house."""

from core.lists import ListSource
from core.registry import Command, MenuEntry, Module
from knowledge.lists import ScriptList
from knowledge.queries import listed

MODULE = Module(
    name="knowledge",
    menu=[MenuEntry("work", "Scripts", "scripts:list", "scroll-text", "desk.work", 34)],
    commands=[Command("New script", "scripts:new", "plus", "desk.rules")],
    lists=[ListSource("desk.work", "scripts:list", ScriptList, listed)],
)
