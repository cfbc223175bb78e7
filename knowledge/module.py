"""What scripts, articles and inspections add to the house."""

from core.files.stored import context_of
from core.lists import ListSource
from core.registry import Command, ConversationPanel, MenuEntry, Module, PaletteSource, SealedTable
from knowledge.lists.articles import ArticleList
from knowledge.lists.quality import InspectionList
from knowledge.lists.scripts import ScriptList
from knowledge.palette import find_articles
from knowledge.queries import articles, quality, scripts

MODULE = Module(
    name="knowledge",
    menu=[
        MenuEntry("work", "Knowledge", "articles:list", "book-open", "knowledge.view", 33),
        MenuEntry("work", "Scripts", "scripts:list", "scroll-text", "desk.work", 34),
        MenuEntry("work", "Quality inspection", "quality:list", "clipboard-check", "quality.view", 35),
    ],
    commands=[
        Command("New article", "articles:new", "plus", "knowledge.write"),
        Command("New script", "scripts:new", "plus", "desk.rules"),
    ],
    palette=[PaletteSource("Knowledge", "knowledge.view", find_articles)],
    conversation_panels=[
        ConversationPanel("articles", "Knowledge", "articles:beside", "knowledge.view", 20, "page")
    ],
    sealed=[
        SealedTable("knowledge.ArticleFile", ["secret"], ["key"], lambda row, _column: context_of(row["key"]))
    ],
    lists=[
        ListSource("knowledge.view", "articles:list", ArticleList, articles.listed),
        ListSource("quality.view", "quality:list", InspectionList, quality.listed),
        ListSource("desk.work", "scripts:list", ScriptList, scripts.listed),
    ],
    api_scopes={"knowledge:read": "Read knowledge articles", "quality:read": "Read quality inspections"},
)
