"""The second step of signing in: setting it up, proving oneself by it, losing it."""

import secrets
import time

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from core import crypto
from core.audit import Actor
from core.errors import Conflict
from staff import totp
from staff.actions.signing_in import end_sessions
from staff.actions.trail import record
from staff.models import AuthenticatorApp, Passkey, Person, RecoveryCode
from staff.models.sign_in import SecondStep, app_context
from staff.queries import factors_of, locked_out_of_second_step

# without those that are taken for one another
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
CODES = 10
GROUPS, GROUP = 3, 4  # 12 letters, 59 bits
USED, FAILED = "second_factor.used", "second_factor.failed"


@transaction.atomic
def add_app(*, person: Person, key: bytes, code: str) -> list[str] | None:
    """The person's app, proven by its first code; None when the code is wrong.

    Returns the recovery codes when this is the first second factor, otherwise an empty list.
    """
    _hold(person)
    if factors_of(person).app:
        raise Conflict(_("There is an authenticator app already; remove it first."), code="app_there")
    step = totp.matching_step(key, code, time.time())
    if step is None:
        return None
    sealed = crypto.seal_bytes(key, app_context(person.pk))
    AuthenticatorApp.objects.create(person=person, secret=sealed, last_step=step)
    record(person, "second_factor.added", person, {"by": SecondStep.APP.value})
    return _codes_for_the_first(person)


@transaction.atomic
def add_passkey(
    *, person: Person, name: str, credential: AttestedCredentialData, sign_count: int
) -> list[str]:
    """Returns the recovery codes when this is the first second factor, otherwise an empty list."""
    _hold(person)
    try:
        with transaction.atomic():
            Passkey.objects.create(
                person=person,
                name=name,
                credential_id=websafe_encode(credential.credential_id),
                credential=websafe_encode(bytes(credential)),
                sign_count=sign_count,
            )
    except IntegrityError as error:
        raise Conflict(_("This passkey is in use already."), code="passkey_there") from error
    record(person, "second_factor.added", person, {"by": SecondStep.PASSKEY.value, "name": name})
    return _codes_for_the_first(person)


@transaction.atomic
def use_code(*, person: Person, code: str) -> str:
    """What the code was (SecondStep), empty when it was wrong or used before.

    Tries are counted while the person's row is held, so that requests side by side cannot pass the limit;
    Conflict `second_step_locked` above it.
    """
    _hold(person)
    _refuse_when_locked(person)
    typed = "".join(code.split()).replace("-", "").lower()
    by = _by_app(person, typed) or _by_recovery_code(person, typed)
    record(person, USED if by else FAILED, person, {"by": by} if by else {})
    return by


@transaction.atomic
def use_passkey(*, person: Person, passkey: Passkey, sign_count: int) -> bool:
    """False for a device whose counter went back: there is a copy of it somewhere."""
    _hold(person)
    _refuse_when_locked(person)
    held = Passkey.objects.get(pk=passkey.pk)
    copied = (sign_count or held.sign_count) and sign_count <= held.sign_count
    if copied:
        record(person, FAILED, person, {"by": SecondStep.PASSKEY.value, "name": held.name, "why": "counter"})
        return False
    held.sign_count, held.used_at = sign_count, timezone.now()
    held.save(update_fields=["sign_count", "used_at"])
    record(person, USED, person, {"by": SecondStep.PASSKEY.value, "name": held.name})
    return True


@transaction.atomic
def note_failed_passkey(*, person: Person) -> None:
    """An answer that did not hold counts as a wrong code does."""
    _hold(person)
    _refuse_when_locked(person)
    record(person, FAILED, person, {"by": SecondStep.PASSKEY.value})


@transaction.atomic
def remove_app(*, person: Person) -> None:
    _hold(person)
    _refuse_when_last(person)
    AuthenticatorApp.objects.filter(person=person).delete()
    record(person, "second_factor.removed", person, {"by": SecondStep.APP.value})
    _drop_codes_with_the_last(person)


@transaction.atomic
def remove_passkey(*, person: Person, passkey: Passkey) -> None:
    _hold(person)
    _refuse_when_last(person)
    record(person, "second_factor.removed", person, {"by": SecondStep.PASSKEY.value, "name": passkey.name})
    passkey.delete()
    _drop_codes_with_the_last(person)


@transaction.atomic
def renew_recovery_codes(*, person: Person) -> list[str]:
    """Ten new ones; the old ones are worth nothing."""
    _hold(person)
    if not factors_of(person).any:
        raise Conflict(_("Set up an authenticator app or a passkey first."), code="no_second_factor")
    codes = _new_codes(person)
    record(person, "recovery_codes.renewed", person)
    return codes


@transaction.atomic
def reset_second_factor(*, actor: Actor, person: Person, reason: str) -> None:
    """Takes everything beside the password from somebody who lost it, and ends all their sign-ins."""
    if actor.actor_kind == "person" and actor.actor_id == person.pk:
        raise Conflict(_("Another administrator resets yours."), code="own_second_factor")
    _hold(person)
    AuthenticatorApp.objects.filter(person=person).delete()
    Passkey.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    end_sessions(person)
    record(actor, "second_factor.reset", person, {"reason": reason})


def _hold(person: Person) -> None:
    """One deed on a person's second factor at a time."""
    Person.objects.select_for_update().get(pk=person.pk)


def _refuse_when_locked(person: Person) -> None:
    if locked_out_of_second_step(person):
        raise Conflict(
            _("There were too many wrong codes. Try again in 15 minutes."), code="second_step_locked"
        )


def _by_app(person: Person, typed: str) -> str:
    app = AuthenticatorApp.objects.filter(person=person).first()
    if app is None or len(typed) != totp.DIGITS:
        return ""
    step = totp.matching_step(app.key, typed, time.time(), after=app.last_step)
    if step is None:
        return ""
    app.last_step, app.used_at = step, timezone.now()
    app.save(update_fields=["last_step", "used_at"])
    return SecondStep.APP.value


def _by_recovery_code(person: Person, typed: str) -> str:
    if len(typed) != GROUPS * GROUP:
        return ""
    unused = RecoveryCode.objects.filter(person=person, code_index=_index(person, typed), used_at=None)
    return SecondStep.RECOVERY.value if unused.update(used_at=timezone.now()) else ""


def _codes_for_the_first(person: Person) -> list[str]:
    return [] if RecoveryCode.objects.filter(person=person).exists() else _new_codes(person)


def _new_codes(person: Person) -> list[str]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = ["".join(secrets.choice(LETTERS) for _place in range(GROUPS * GROUP)) for _code in range(CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code_index=_index(person, code)) for code in codes
    )
    return [_grouped(code) for code in codes]


def _grouped(code: str) -> str:
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def _index(person: Person, code: str) -> bytes:
    return crypto.blind_index(code, f"recovery-code:{person.pk}") or b""


def _refuse_when_last(person: Person) -> None:
    """Who must have a second factor keeps one: the new one comes before the old one goes."""
    held = factors_of(person)
    if person.access.needs_second_factor and len(held.passkeys) + bool(held.app) <= 1:
        raise Conflict(
            _("Your role needs one of these. Set up another one first."), code="last_second_factor"
        )


def _drop_codes_with_the_last(person: Person) -> None:
    if not factors_of(person).any:
        RecoveryCode.objects.filter(person=person).delete()
