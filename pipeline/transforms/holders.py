"""The cards that stand → one row a person, over this run and all before it."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam

from pipeline.cards import holder
from pipeline.elements import CardRow, Known, Verdict
from pipeline.transforms.recall import Place

_NOW = "~"
"""This run's place among the committed ones: after them all."""


class Holders(beam.PTransform):  # type: ignore[misc]
    """What was and is read → a row a person; of each document what was read last counts."""

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
        cards = (inputs["cards"], inputs["rows"] | "CardsNow" >> beam.Map(_card))
        return (
            {"standing": standing, "cards": cards | "Cards" >> beam.Flatten()}
            | "ByPlace" >> beam.CoGroupByKey()
            | "Owned" >> beam.FlatMap(_owned)
            | "ByHolder" >> beam.GroupByKey()
            | "Merged" >> beam.MapTuple(_merged)
        )


def _met_then(known: Known) -> tuple[str, Place]:
    return known.identity, (known.run, known.uri)


def _met_now(verdict: Verdict) -> tuple[str, Place]:
    return verdict.origin.identity, (_NOW, verdict.origin.uri)


def _card(row: CardRow) -> tuple[Place, dict[str, Any]]:
    return (_NOW, row.origin.uri), row.values | {"table": row.table}


def _standing(met: tuple[str, Iterable[Place]]) -> Iterator[tuple[Place, None]]:
    """The places of the run that met a document last."""
    _, places = met
    distinct = set(places)
    last = max(run for run, _ in distinct)
    yield from (((run, uri), None) for run, uri in distinct if run == last)


def _owned(
    met: tuple[Place, dict[str, Iterable[Any]]],
) -> Iterator[tuple[str, holder.Card]]:
    _, found = met
    if list(found["standing"]):
        yield from holder.owned(list(found["cards"]))


def _merged(holder_id: str, cards: Iterable[holder.Card]) -> holder.Row:
    return holder.merged(holder_id, list(cards), datetime.datetime.now(datetime.UTC))
