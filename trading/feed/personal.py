"""A client's row made fit for the database: personal numbers sealed and indexed, search keys added."""

from clients import identifiers
from core import spelling

# the columns of trading_stage_client after line and mark
STAGED = (
    "client_no", "kind", "name", "pinyin", "initials", "readings", "id_type", "id_number", "id_index",
    "id_expires_on", "birth_date", "sex", "mobile", "mobile_index", "mobile_tail_index", "email",
    "email_index", "address", "address_index", "branch_code", "manager_no", "status", "opened_on",
    "closed_on", "callback_passed_on", "risk_level", "risk_assessed_on", "investor_class",
)  # fmt: skip


def sealed_client(values: dict[str, str]) -> list[str]:
    """The fields of a staging row, in the order of STAGED; bytes as PostgreSQL writes them."""
    pinyin, initials = spelling.search_keys(values["name"])
    readings = spelling.written(spelling.other_readings(values["name"]))
    indexes = {
        "id_index": identifiers.id_blind_index(values["id_type"], values["id_number"]),
        "mobile_index": identifiers.mobile_index(values["mobile"]),
        "mobile_tail_index": identifiers.tail_blind_index(values["mobile"]),
        "email_index": identifiers.email_blind_index(values["email"]),
        "address_index": identifiers.address_blind_index(values["address"]),
    }
    sealed = {
        name: identifiers.seal(values["client_no"], name, values[name]) for name in identifiers.SEALED_FIELDS
    }
    ready = {**values, "pinyin": pinyin, "initials": initials, "readings": readings}
    ready.update(
        {name: f"\\x{content.hex()}" if content else "" for name, content in {**indexes, **sealed}.items()}
    )
    return [ready[name] for name in STAGED]
