"""A seeded generator of a made-up brokerage's feeds: pure, without a database.

``build(clients=5000, months=24, seed=1, until=…)`` gives a ``Demo`` with ``days``,
``write_package(day, directory)``, ``contacts()`` and ``targets()``. The same arguments give the same bytes.
The rooms: names (words), identifiers, market (days and prices), people (who), plan (what will happen to
them), world and trading (playing a day), masters and facts (rows), flaws (bad rows and a correction),
feed_files (CSV and manifest), contacts, targets.
"""

from crm.demo.demo import Demo, build

__all__ = ["Demo", "build"]
