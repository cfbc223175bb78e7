"""Deeds on people, roles and units, and telling people what concerns them."""

from staff.actions.people import (
    change_password,
    create_person,
    create_unit,
    edit_person,
    end_role,
    fresh_password,
    give_role,
    note_sign_in,
    prefer,
    rename_unit,
    reset_password,
)

__all__ = [
    "change_password",
    "create_person",
    "create_unit",
    "edit_person",
    "end_role",
    "fresh_password",
    "give_role",
    "note_sign_in",
    "prefer",
    "rename_unit",
    "reset_password",
]
