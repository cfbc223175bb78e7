"""Tables of contacts with clients: channels, conversations, the desk, and the log of it all."""

from interactions.models.beside import Attachment, Draft, Verification, Viewing, Wanted
from interactions.models.channels import ChannelEvent, Line, LineToken
from interactions.models.contacts import Contact, ContactLink
from interactions.models.conversations import (
    Conversation,
    ConversationQuerySet,
    Message,
)
from interactions.models.deliveries import Delivery, DeliveryQuerySet
from interactions.models.desk import (
    Assignment,
    CannedReply,
    Presence,
    RoutingRule,
    Skill,
    SkillOfPerson,
)
from interactions.models.levels import LevelMark, LevelTarget, ServiceLevel, ServiceThreshold, TierBand
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
from interactions.models.surveys import Survey, SurveyKind, SurveyQuerySet, SurveyRule

__all__ = [
    "AccountCost",
    "Assignment",
    "Attachment",
    "CannedReply",
    "Category",
    "Channel",
    "ChannelEvent",
    "ChannelRate",
    "Contact",
    "ContactLink",
    "Conversation",
    "ConversationQuerySet",
    "Delivery",
    "DeliveryQuerySet",
    "Draft",
    "Interaction",
    "InteractionQuerySet",
    "LevelMark",
    "LevelTarget",
    "Line",
    "LineToken",
    "Message",
    "Presence",
    "Recording",
    "RoutingRule",
    "ServiceLevel",
    "ServiceMonth",
    "ServiceThreshold",
    "Skill",
    "SkillOfPerson",
    "Survey",
    "SurveyKind",
    "SurveyQuerySet",
    "SurveyRule",
    "TierBand",
    "Verification",
    "Viewing",
    "Wanted",
]
