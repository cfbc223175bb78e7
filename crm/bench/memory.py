"""How much memory a piece of work takes: this process, and the database sessions beside what they share."""

import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

EVERY = 0.5  # seconds between two looks
SESSIONS = "SELECT pid FROM pg_stat_activity WHERE backend_type IN ('client backend', 'parallel worker')"


@dataclass
class Memory:
    """Largest sizes seen, in MiB, of each database session; none where the database is on another machine."""

    sessions: dict[int, float] = field(default_factory=dict)

    @property
    def process(self) -> float:
        """The most that this process ever took."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def __str__(self) -> str:
        largest = sorted(self.sessions.values(), reverse=True)[:2]
        told = ", ".join(f"{size:.0f}" for size in largest) or "not to be seen from here"
        return f"this process {self.process:.0f} MiB at most, the largest database sessions {told} MiB"

    def look(self) -> None:
        """Notes what each session holds now that is not shared with others."""
        with connection.cursor() as cursor:
            cursor.execute(SESSIONS)
            for (pid,) in cursor.fetchall():
                self.sessions[pid] = max(self.sessions.get(pid, 0), _own(pid))
        self.sessions = {pid: size for pid, size in self.sessions.items() if size}


def _own(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:  # another machine, another system, or the session has ended
        return 0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:"))


@contextmanager
def watched() -> Iterator[Memory]:
    """Looks at the memory again and again while the block runs, on a session of its own."""
    memory, ended = Memory(), threading.Event()

    def watch() -> None:
        try:
            while not ended.wait(EVERY):
                memory.look()
        finally:
            connection.close()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        ended.set()
        watcher.join()
