"""What a record was before each change; written by a trigger, so that changes made in SQL are kept too."""

import pghistory
import pgtrigger
from django.db import models

from clients.models.client import Client

# Fields whose change is history. Sealed values are made anew by every feed row, so their blind indexes tell.
PLAIN_FIELDS = (
    "kind", "name", "id_type", "id_expires_on", "birth_date", "sex", "branch", "manager_no", "status",
    "opened_on", "closed_on", "callback_passed_on", "risk_level", "risk_assessed_on", "investor_class",
    "declared_outside_assets", "short_name", "occupation", "remark", "merged_into",
)  # fmt: skip
SEALED_AND_INDEX = {
    "id_number": "id_index",
    "mobile": "mobile_index",
    "email": "email_index",
    "address": "address_index",
}
COMPARED = [
    Client._meta.get_field(name).column  # type: ignore[union-attr]  # these are all columns
    for name in (*PLAIN_FIELDS, "id_index", "mobile_index", "email_index")
]
_row = ", ".join
CHANGED = (
    f"(({_row(f'OLD.{column}' for column in COMPARED)})"
    f" IS DISTINCT FROM ({_row(f'NEW.{column}' for column in COMPARED)})"
    # an address that only now gets its index (rows from before there was one) has not changed
    " OR OLD.address_index <> NEW.address_index OR (OLD.address IS NULL) <> (NEW.address IS NULL))"
)


class ClientChange(
    pghistory.create_event_model(  # type: ignore[misc]
        Client,
        pghistory.UpdateEvent("changed", row=pghistory.Old, condition=pgtrigger.Condition(CHANGED)),
        fields=["client_no", *PLAIN_FIELDS, *SEALED_AND_INDEX, *SEALED_AND_INDEX.values()],
        context_field=pghistory.ContextJSONField(),
        obj_field=pghistory.ObjForeignKey(related_name="changes", db_index=False),
    )
):
    """A client's row as it stood until `pgh_created_at`; pgh_context says who changed it by which deed."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        indexes = [models.Index(fields=["pgh_obj", "-pgh_id"], name="client_change_newest")]
