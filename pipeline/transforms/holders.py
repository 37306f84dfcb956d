"""The card sides that stand → a row for each person whose sides this run has changed.

```
documents then and now ──► which stand ┐
sides then (numbers) and now (whole) ──┴► by document ──► owners ──► people touched ┐
card files then ─────────────────────────────────────────────► their sides, whole ──┴► a row each
```

Of earlier cards no more is shuffled than whose they are; whole rows are read of the people touched.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsDict

from pipeline import schema
from pipeline.cards import holder
from pipeline.elements import CardRow, Known, Verdict
from pipeline.transforms.recall import CardFile, Place, batches

_NOW = "~"
"""This run's place among the committed ones: after them all."""
_IN_DOCUMENT = ["uri", "page", "card_index"]
_OF_OWNER = ["page", "card_index", "layout", "card_side", "holder_id"]
"""What whose a side is depends on."""


class Owned(NamedTuple):
    """A card side and whose it is."""

    holder_id: str
    place: Place
    card: holder.Card
    """Of an earlier run, only what `_OF_OWNER` names."""
    stands: bool
    """False for one whose document this run has read again."""


class Holders(beam.PTransform):  # type: ignore[misc]
    """What was and is read → a row for each person touched; one who lost all sides has none."""

    def expand(self, inputs: dict[str, beam.PCollection]) -> beam.PCollection:
        documents = (
            inputs["known"] | "Then" >> beam.Map(_met_then),
            inputs["verdicts"] | "Now" >> beam.Map(_met_now),
        )
        standing = (
            documents
            | "Documents" >> beam.Flatten()
            | "ByIdentity" >> beam.GroupByKey()
            | "Standing" >> beam.FlatMap(_standing)
        )
        sides = (
            inputs["card_files"] | "SidesThen" >> beam.FlatMap(_sides),
            inputs["rows"] | "SidesNow" >> beam.Map(_side),
        )
        owned = (
            {"stands": standing, "sides": sides | "Sides" >> beam.Flatten()}
            | "ByPlace" >> beam.CoGroupByKey()
            | "Owned" >> beam.FlatMap(_owned)
        )
        touched = (
            owned
            | "Changed" >> beam.Filter(_is_changed)
            | "Touched" >> beam.Map(lambda owned: (owned.holder_id, None))
            | "Once" >> beam.Distinct()
        )
        wanted = (
            owned
            | "Kept" >> beam.Filter(lambda owned: owned.place[0] != _NOW and owned.stands)
            | "OfTouched" >> beam.Filter(_is_touched, AsDict(touched))
            | "Wanted" >> beam.Map(lambda owned: (_key(owned.place, owned.card), owned.holder_id))
        )
        then = inputs["card_files"] | "CardsThen" >> beam.FlatMap(_cards, AsDict(wanted))
        now = (
            owned
            | "OfNow" >> beam.Filter(lambda owned: owned.place[0] == _NOW)
            | "CardsNow" >> beam.Map(lambda owned: (owned.holder_id, owned.card))
        )
        return (
            {"touched": touched, "cards": (then, now) | "Cards" >> beam.Flatten()}
            | "ByHolder" >> beam.CoGroupByKey()
            | "Merged" >> beam.MapTuple(_merged)
        )


def _met_then(known: Known) -> tuple[str, Place]:
    return known.identity, (known.run, known.uri)


def _met_now(verdict: Verdict) -> tuple[str, Place]:
    return verdict.origin.identity, (_NOW, verdict.origin.uri)


def _standing(met: tuple[str, Iterable[Place]]) -> Iterator[tuple[Place, bool]]:
    """The places of the run that met a document last stand; those it has replaced just now do not.

    What other runs replaced is left out.
    """
    _, places = met
    distinct = set(places)
    last = max(run for run, _ in distinct)
    for run, uri in distinct:
        if run == last or last == _NOW:
            yield (run, uri), run == last


def _sides(file: CardFile) -> Iterator[tuple[Place, holder.Card]]:
    for batch in batches(file.path, ["uri", *_OF_OWNER]):
        for row in batch.to_pylist():
            yield (file.run, row.pop("uri")), row | {"table": file.table}


def _side(row: CardRow) -> tuple[Place, holder.Card]:
    return (_NOW, row.origin.uri), row.values | {"table": row.table}


def _owned(met: tuple[Place, dict[str, Iterable[Any]]]) -> Iterator[Owned]:
    place, found = met
    for stands in found["stands"]:
        for holder_id, card in holder.owned(list(found["sides"])):
            yield Owned(holder_id, place, card, stands)


def _is_changed(owned: Owned) -> bool:
    return owned.place[0] == _NOW or not owned.stands


def _is_touched(owned: Owned, touched: dict[str, None]) -> bool:
    return owned.holder_id in touched


Key = tuple[Place, str, int, int]


def _key(place: Place, card: holder.Card) -> Key:
    return place, card["table"], card["page"], card["card_index"]


def _cards(file: CardFile, wanted: dict[Key, str]) -> Iterator[tuple[str, holder.Card]]:
    """The whole rows of a file that are wanted, each with its holder."""
    if not wanted:
        return
    for batch in batches(file.path, schema.CARD_TABLES[file.table].names):
        keys = zip(*(batch.column(name).to_pylist() for name in _IN_DOCUMENT), strict=True)
        owners = [
            wanted.get(((file.run, uri), file.table, page, index)) for uri, page, index in keys
        ]
        rows = batch.filter(pa.array([owner is not None for owner in owners])).to_pylist()
        for owner, row in zip(filter(None, owners), rows, strict=True):
            yield owner, row | {"table": file.table}


def _merged(holder_id: str, found: dict[str, Iterable[holder.Card]]) -> holder.Row:
    return holder.merged(holder_id, list(found["cards"]), datetime.datetime.now(datetime.UTC))
