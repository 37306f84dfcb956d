"""What became of every document: the sum that must hold."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from pipeline.elements import CardRow, DeadLetter, Origin, Source, Verdict

Account = dict[str, Any]
"""Counts of a run, as its record holds them."""


class Settle(beam.PTransform):  # type: ignore[misc]
    """What was listed and what came of it → the failures that stand, verdicts, the account.

    A failed patch beside cards on its page is no failure, nor is a blank page beside pages with
    cards; of several failures of one page the gravest stands.
    """

    def expand(
        self, inputs: dict[str, beam.PCollection]
    ) -> tuple[beam.PCollection, beam.PCollection, beam.PCollection]:
        keyed = {
            "sources": inputs["sources"] | "Listed" >> beam.Map(_origin),
            "rows": inputs["rows"] | "Pages" >> beam.Map(_origin),
            "failures": inputs["failures"] | "Failed" >> beam.Map(
                lambda f: (f.origin.document, f)
            ),
        }  # fmt: skip
        settled = (
            keyed
            | "ByDocument" >> beam.CoGroupByKey()
            | "Judge" >> beam.FlatMap(_judge).with_outputs("verdicts", "failures")
        )
        counted = (
            settled.verdicts | "Verdicts" >> beam.Map(_of_verdict),
            settled.failures | "Codes" >> beam.Map(lambda f: Counter({f"code {f.status}": 1})),
            inputs["rows"] | "Sides" >> beam.Map(_of_row),
            inputs["skipped"] | "Skipped" >> beam.Map(lambda _: Counter({"skipped": 1})),
            inputs["listed"] | "Listing" >> beam.Map(lambda _: Counter({"listed": 1})),
            inputs["unlisted"]
            | "Unlisted" >> beam.Map(lambda failure: failure.origin.document)
            | "UnlistedOnce" >> beam.Distinct()
            | "ListedInVain" >> beam.Map(lambda _: Counter({"listed": 1})),
        )
        account = (
            counted
            | "Counts" >> beam.Flatten()
            | "Sum" >> beam.CombineGlobally(_sum)
            | "Account" >> beam.Map(_account)
        )
        return settled.failures, settled.verdicts, account


def _origin(element: Source | CardRow) -> tuple[str, Origin]:
    return element.origin.document, element.origin


def _judge(
    grouped: tuple[str, dict[str, Iterable[Any]]],
) -> Iterator[beam.pvalue.TaggedOutput]:
    """One document's rows and failures → its verdict and the failures that stand."""
    _, found = grouped
    pages = Counter(origin.page for origin in found["rows"])
    gravest: dict[int | None, DeadLetter] = {}
    blank = 0
    for failure in sorted(found["failures"], key=_gravity, reverse=True):
        page = failure.origin.page
        if failure.error == "NotACard" and pages[page]:
            continue
        if failure.error == "BlankPage" and pages:
            blank += 1
        elif page not in gravest:
            gravest[page] = failure
    for failure in gravest.values():
        yield beam.pvalue.TaggedOutput("failures", failure)
    standing = sorted(gravest.values(), key=_gravity, reverse=True)
    # what was read last knows most of where it came from
    origins = [*found["sources"], *(f.origin for f in found["failures"]), *found["rows"]]
    verdict = Verdict(
        origins[-1]._replace(page=None),
        sum(pages.values()),
        len(standing),
        blank,
        standing[0].status if standing else "",
        any(failure.retryable for failure in standing),
    )
    yield beam.pvalue.TaggedOutput("verdicts", verdict)


def _gravity(failure: DeadLetter) -> tuple[int, bool]:
    return failure.http_status, failure.error == "DetectionFailed"


def _of_verdict(verdict: Verdict) -> Counter[str]:
    counts = Counter({"documents": 1, "blank_pages": verdict.blank_pages})
    if verdict.cards:
        counts["with_cards"] += 1
    if verdict.dead_letters:
        counts["dead_lettered"] += 1
    if verdict.cards and verdict.dead_letters:
        counts["with_both"] += 1
    if not verdict.cards and not verdict.dead_letters:
        counts["unaccounted"] += 1
    return counts


def _of_row(row: CardRow) -> Counter[str]:
    counts = Counter({f"cards {row.table}": 1})
    if row.values["accepted"]:
        counts[f"accepted {row.table}"] += 1
    return counts


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return total


def _account(total: Counter[str]) -> Account:
    """The counts by their names; `cards new_front` becomes `cards: {new_front: …}`."""
    account: Account = {"cards": {}, "accepted": {}, "dead_letters": {}}
    names = {"cards": "cards", "accepted": "accepted", "code": "dead_letters"}
    for key, count in sorted(total.items()):
        word, _, rest = key.partition(" ")
        if rest:
            account[names[word]][rest] = count
        else:
            account[key] = count
    return account
