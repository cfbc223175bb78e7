"""Deeds on people, their roles and sign-ins and on units, and telling people what concerns them."""

from staff.actions.people import create_person, edit_person, end_role, give_role, prefer
from staff.actions.signing_in import (
    change_password,
    end_other_sessions,
    end_session,
    end_sessions_of,
    fresh_password,
    note_refused_sign_in,
    note_sign_in,
    reset_password,
)
from staff.actions.units import create_unit, rename_unit

__all__ = [
    "change_password",
    "create_person",
    "create_unit",
    "edit_person",
    "end_other_sessions",
    "end_role",
    "end_session",
    "end_sessions_of",
    "fresh_password",
    "give_role",
    "note_refused_sign_in",
    "note_sign_in",
    "prefer",
    "rename_unit",
    "reset_password",
]
