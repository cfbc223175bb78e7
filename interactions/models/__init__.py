"""Tables of contacts with clients: channels, conversations, the desk, and the log of it all."""

from interactions.models.channels import ChannelEvent, Line
from interactions.models.contacts import Contact, ContactLink
from interactions.models.conversations import (
    Conversation,
    ConversationQuerySet,
    Message,
)
from interactions.models.desk import (
    Assignment,
    Presence,
    RoutingRule,
    Skill,
    SkillOfPerson,
)
from interactions.models.levels import LevelMark, ServiceLevel, ServiceThreshold, TierBand
from interactions.models.log import (
    AccountCost,
    Category,
    Channel,
    ChannelRate,
    Interaction,
    InteractionQuerySet,
    ServiceMonth,
)
from interactions.models.recordings import Recording

__all__ = [
    "AccountCost",
    "Assignment",
    "Category",
    "Channel",
    "ChannelEvent",
    "ChannelRate",
    "Contact",
    "ContactLink",
    "Conversation",
    "ConversationQuerySet",
    "Interaction",
    "InteractionQuerySet",
    "LevelMark",
    "Line",
    "Message",
    "Presence",
    "Recording",
    "RoutingRule",
    "ServiceLevel",
    "ServiceMonth",
    "ServiceThreshold",
    "Skill",
    "SkillOfPerson",
    "TierBand",
]
