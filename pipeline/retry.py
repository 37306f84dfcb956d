"""`python -m pipeline.retry --output DIR --manifest FILE`: dead letters → a manifest to try again.

The manifest, JSON Lines, holds the dead letters that stand and may succeed later; with `--status`
those of the codes named, whether or not they would be tried again on their own.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apache_beam.io.filesystems import FileSystems

from pipeline import tables
from pipeline.errors import statuses
from pipeline.transforms.sources import manifest_rows


def main(arguments: Sequence[str]) -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.retry", description=__doc__)
    parser.add_argument("--output", required=True, metavar="DIR", help="of the runs")
    parser.add_argument("--manifest", required=True, metavar="FILE", help="to write, .jsonl")
    parser.add_argument("--status", action="append", choices=sorted(statuses()), help="only these")
    known = parser.parse_args(arguments)
    if not known.manifest.endswith(".jsonl"):
        parser.error("--manifest must end in .jsonl")
    letters = tables.read(known.output, "dead_letter").to_pylist()
    chosen = [letter for letter in letters if _is_wanted(letter, known.status)]
    count = 0
    with FileSystems.create(known.manifest) as file:
        for row in manifest(chosen):
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            count += 1
    print(f"{count} documents to try again in {known.manifest}")
    return 0


def manifest(letters: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of a manifest for dead letters, each document once.

    An inline image is taken from the manifest that brought it, as it is now.
    """
    inline: defaultdict[str, set[int]] = defaultdict(set)
    seen: set[str] = set()
    for letter in letters:
        uri, source, number = letter["uri"], letter["manifest_uri"], letter["manifest_row"]
        if uri in seen:
            continue
        seen.add(uri)
        if source is not None and uri == f"{source}#{number}":
            inline[source].add(number)
        else:
            yield {"uri": uri}
    for source, numbers in inline.items():
        for row in manifest_rows(source):
            if row.number in numbers and row.values:
                yield row.values


def _is_wanted(letter: dict[str, Any], codes: Sequence[str] | None) -> bool:
    return letter["status"] in codes if codes else letter["retryable"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
