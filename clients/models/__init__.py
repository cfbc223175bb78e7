"""Tables of the client record."""

from clients.models.client import (
    FIRST_DAY,
    LAST_DAY,
    Account,
    Client,
    ClientRecord,
    ClientRowsQuerySet,
    ClientStanding,
    ScopedQuerySet,
)
from clients.models.consents import Consent, ContactStop
from clients.models.contacts import ContactPoint
from clients.models.duplicates import DuplicatePair
from clients.models.history import PLAIN_FIELDS, SEALED_AND_INDEX, ClientChange
from clients.models.imports import ClientImport, ImportChunk, ImportMapping, ImportPiece
from clients.models.merging import Merge
from clients.models.ownership import Handover, RecordMark
from clients.models.prospects import Prospect, ProspectMatch, StageChange
from clients.models.relations import Relation
from clients.models.reveals import Reveal
from clients.models.search import Opened, Reading
from clients.models.suitability import RiskWarning
from clients.models.tags import ClientTag, Tag
from clients.models.unanswered import Unanswered

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "PLAIN_FIELDS",
    "SEALED_AND_INDEX",
    "Account",
    "Client",
    "ClientChange",
    "ClientImport",
    "ClientRecord",
    "ClientRowsQuerySet",
    "ClientStanding",
    "ClientTag",
    "Consent",
    "ContactPoint",
    "ContactStop",
    "DuplicatePair",
    "Handover",
    "ImportChunk",
    "ImportMapping",
    "ImportPiece",
    "Merge",
    "Opened",
    "Prospect",
    "ProspectMatch",
    "Reading",
    "RecordMark",
    "Relation",
    "Reveal",
    "RiskWarning",
    "ScopedQuerySet",
    "StageChange",
    "Tag",
    "Unanswered",
]
