"""Proof that the audit trail is whole: every chain fits, and none is shorter or other than it was last time.

The heads of all chains are written to a file outside the database, so that rows taken off a chain's end, or a
whole database put back, are noticed too. Keep that file where the database's administrator cannot write.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from core.audit import first_break
from core.models import AuditChain, AuditEntry

Heads = dict[str, tuple[int, str]]  # chain -> (length, hash of the last entry)


def faults(seen: Heads) -> Iterator[str]:
    """What is wrong with the chains, against the heads that were seen before; nothing when all is well."""
    for chain in AuditChain.objects.order_by("name"):
        position = first_break(chain)
        if position is not None:
            yield f"chain {chain.name} breaks at entry {position}"
    for name, (length, head) in sorted(seen.items()):
        if length and not AuditEntry.objects.filter(chain_id=name, position=length, hash=head).exists():
            yield f"chain {name} no longer holds entry {length} as it was seen before"


def heads() -> Heads:
    return {chain.name: (chain.length, chain.head) for chain in AuditChain.objects.order_by("name")}


def last_seen(path: Path) -> Heads:
    """The heads in the file's last line; none when there is no file yet."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return (
        {name: (length, head) for name, (length, head) in json.loads(lines[-1])["heads"].items()}
        if lines
        else {}
    )


def note(path: Path, found: Heads) -> None:
    """Adds a line with these heads to the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": timezone.now().isoformat(), "heads": found}, ensure_ascii=False)
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def verify(path: Path) -> tuple[list[str], Heads]:
    """Faults found, and the heads now; these are noted in the file only when there is no fault."""
    now = heads()
    found = list(faults(last_seen(path)))
    if not found:
        note(path, now)
    return found, now
