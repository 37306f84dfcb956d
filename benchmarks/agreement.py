"""Whether two outputs hold the same rows, whoever wrote them."""

import json
from collections import Counter

from pipeline import schema, tables

_WHEN = {"processed_at", "settled_at", "failed_at"}

Rows = dict[str, Counter[str]]
"""How often each row of each table stands."""


def standing(output: str, beside: frozenset[str] = frozenset()) -> Rows:
    """Every table's standing rows as JSON, without the columns that say when and those `beside`."""
    return {
        table: Counter(
            json.dumps({k: v for k, v in row.items() if k not in _WHEN | beside}, default=str)
            for row in tables.read(output, table).to_pylist()
        )
        for table in schema.TABLES
    }


def compared(ours: Rows, theirs: Rows, name: str) -> int:
    """Print how many rows each table has in both, and give how many are in one alone."""
    total = 0
    print(f"\n{'table':<14}{'rows':>8}{name:>16}{'different':>11}")
    for table, rows in ours.items():
        apart = ((rows - theirs[table]) + (theirs[table] - rows)).total()
        total += apart
        print(f"{table:<14}{rows.total():>8}{theirs[table].total():>16}{apart:>11}")
    return total
