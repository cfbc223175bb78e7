"""How people sign in: their sessions, and what they prove themselves with beside the password."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import crypto
from staff.models.organisation import Person

KEY_HASH = r"^[0-9a-f]{64}$"


class FirstStep(models.TextChoices):
    """What a sign-in began with."""

    PASSWORD = "password", _("Password")
    PROVIDER = "provider", _("Company account")


class SecondStep(models.TextChoices):
    """What proved the person beside that; empty when nothing was asked."""

    NONE = "", pgettext_lazy("second step of signing in", "None")
    APP = "app", _("Authenticator app")
    PASSKEY = "passkey", _("Passkey")
    RECOVERY = "recovery", _("Recovery code")
    PROVIDER = "provider", _("Company account")


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: Any) -> "SessionQuerySet":
        """Everybody sees their own; those of others are shown with the person, to administrators."""
        return self.filter(person_id=user.pk)

    def open(self) -> "SessionQuerySet":
        """Those that still let somebody in, the one used last first."""
        return self.filter(expire_date__gt=timezone.now()).order_by("-seen_at", "pk")


class Session(AbstractBaseSession):
    """A browser's session (staff.sessions keeps it); of a person once somebody has signed in.

    ``session_key`` is the SHA-256 of what the cookie holds, so that whoever reads this table cannot sign in.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    first_step = models.CharField(max_length=10, choices=FirstStep.choices, blank=True)
    second_step = models.CharField(max_length=10, choices=SecondStep.choices, blank=True)
    agent = models.CharField(max_length=200, blank=True)  # the browser's own words
    address = models.CharField(max_length=45, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(session_key__regex=KEY_HASH), name="session_key_is_hashed")
        ]


class AuthenticatorApp(models.Model):
    """The key a person's authenticator app makes codes from (RFC 6238), sealed."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="authenticator_app")
    secret = models.BinaryField()
    last_step = models.BigIntegerField()  # the 30-second step of the last code taken; never taken again
    added_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    @property
    def key(self) -> bytes:
        return crypto.unseal_bytes(self.secret, app_context(self.person_id))


def app_context(person_id: int) -> str:
    """What a person's sealed key is bound to."""
    return f"authenticator-app:{person_id}:secret"


class Passkey(models.Model):
    """A WebAuthn credential: its public half; the private one never leaves the device."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url, as browsers send it
    credential = models.TextField()  # fido2.webauthn.AttestedCredentialData, base64url
    sign_count = models.BigIntegerField(default=0)  # 0: the device does not count
    added_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """A code for the day when phone and passkey are lost; kept as a blind index, good once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_index = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "code_index"], name="recovery_code_once_a_person")
        ]
