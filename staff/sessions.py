"""Django's sessions, kept by person: the cookie's key as its hash, and beside it whose session it is.

Whatever ends a session deletes its row, and with it the cookie is worth nothing.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

SIGN_IN = "sign_in"  # in the session: how, from where and when the person came (staff.signing_in)
NOTED_EVERY = timedelta(minutes=5)  # so that reading pages costs no writes


def kept_as(key: str) -> str:
    """What the table holds in place of a cookie's key."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One browser's session."""

    seen_at: datetime | None = None

    @classmethod
    def rows(cls) -> Any:
        from staff.models import Session  # the apps must be loaded

        return Session.objects

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        self.seen_at = row.seen_at
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        return bool(self.rows().filter(pk=kept_as(session_key)).exists())

    def create(self) -> None:
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Writes the row; one that was ended meanwhile stays ended (UpdateError)."""
        if self.session_key is None:
            return self.create()
        row = self._filled(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError as error:
            raise CreateError from error
        except DatabaseError as error:
            raise UpdateError from error
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.rows().filter(pk=kept_as(key)).delete()

    def note_seen(self) -> None:
        """Moves the moment the session was last used on, every few minutes."""
        now = timezone.now()
        if self.session_key and self.seen_at and now - self.seen_at >= NOTED_EVERY:
            self.rows().filter(pk=kept_as(self.session_key)).update(seen_at=now)

    @classmethod
    def clear_expired(cls) -> None:
        cls.rows().filter(expire_date__lt=timezone.now()).delete()

    def _row(self) -> Any:
        if not self.session_key:
            return None
        return self.rows().filter(pk=kept_as(self.session_key), expire_date__gt=timezone.now()).first()

    def _filled(self, data: dict[str, Any]) -> Any:
        """The row with what the list of sign-ins shows, all taken from the session itself."""
        came = data.get(SIGN_IN, {})
        return self.rows().model(
            session_key=kept_as(str(self.session_key)),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            person_id=data.get(SESSION_KEY),
            first_step=came.get("first", ""),
            second_step=came.get("second", ""),
            agent=came.get("agent", ""),
            address=came.get("address", ""),
            signed_in_at=datetime.fromtimestamp(came["at"], UTC) if "at" in came else None,
            seen_at=timezone.now(),
        )
