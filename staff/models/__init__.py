"""Tables of the firm's organisation: units, people, roles, API clients; notices; how people sign in."""

from staff.models.notices import Notice, NoticeMail, NoticeSetting, filled
from staff.models.organisation import (
    ApiClient,
    Membership,
    MembershipQuerySet,
    Person,
    PersonManager,
    PersonQuerySet,
    Unit,
    UnitQuerySet,
    UnitRecord,
)
from staff.models.sign_in import AuthenticatorApp, Passkey, RecoveryCode, Session

__all__ = [
    "ApiClient",
    "AuthenticatorApp",
    "Membership",
    "MembershipQuerySet",
    "Notice",
    "NoticeMail",
    "NoticeSetting",
    "Passkey",
    "Person",
    "PersonManager",
    "PersonQuerySet",
    "RecoveryCode",
    "Session",
    "Unit",
    "UnitQuerySet",
    "UnitRecord",
    "filled",
]
