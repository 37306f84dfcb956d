"""One card's reading to one row of its table."""

import datetime
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline import __version__
from pipeline.cards import kinds, mrz, places
from pipeline.cards.confidence import Evidence, Weights, of_absence, probability
from pipeline.cards.kinds import Value
from pipeline.cards.layout import Layout
from pipeline.cards.rules import RULES, Draft, to_date
from pipeline.elements import Points, Reading
from pipeline.schema import CARD_INFO, TYPED_DATES

Row = dict[str, object]

_DECIDES = 0.3
"""A value whose form is surer by this much is taken, whoever read it: its check digit holds."""
_SURE = 0.8
"""A careful reading this sure is taken; one less sure, if it is surer than the first."""
ZONE = "mrz"
"""What `doubts` calls the machine-readable zone."""


@dataclass(frozen=True)
class Judge:
    """Says how sure values are, and which rows go to a person."""

    weights: Weights
    error_budget: float
    """Expected share of wrong fields, 0..1, up to which a row is accepted."""

    def sureness(self, name: str, draft: Draft, layout: Layout) -> float:
        """0..1 that a field's value is right; 0 where it is not readable."""
        if name in draft.evidence:
            return probability(draft.evidence[name], layout.fields[name].kind, self.weights)
        if name in draft.absent:
            return of_absence(draft.absent[name], self.weights)
        return 1.0 if name in layout.not_printed else 0.0


def row(reading: Reading, layout: Layout, judge: Judge, now: datetime.datetime) -> Row:
    """The row as `schema.CARD_TABLES` describes it; `now` is when it was made, with its zone."""
    draft = drafted(reading, layout, now)
    fields, zone = CARD_INFO[layout.table], draft.mrz
    texts = {name: draft.texts.get(name) for name in fields}
    confidences = {name: judge.sureness(name, draft, layout) for name in fields}
    reasons = [*draft.reasons, *_unsure(texts, confidences, judge.error_budget)]
    origin = reading.origin
    return {
        "request_id": origin.request_id,
        "uri": origin.uri,
        "page": origin.page,
        "card_index": reading.index,
        "card_type": layout.card_type,
        "card_side": layout.card_side,
        "layout": layout.layout,
        **texts,
        **{typed: to_date(texts[name]) for name, typed in TYPED_DATES.items() if name in fields},
        **_birth_place_name(texts),
        "holder_id": _holder(texts, draft),
        "mrz": list(zone.lines) if zone else [line.text for line in reading.mrz[0]],
        "mrz_valid": (zone is not None and zone.valid) if layout.mrz else None,
        "face_region": _points(reading.face),
        "corners": _points(reading.corners),
        "confidence": confidences,
        "accepted": not reasons,
        "review_reasons": reasons,
        "content_sha256": origin.content_sha256,
        "processed_at": now,
        "pipeline_version": __version__,
    }


def doubts(
    reading: Reading, layout: Layout, least: float, now: datetime.datetime
) -> frozenset[str]:
    """What another engine should read too: the zone, and fields missing, disputed or unsure.

    A field is unsure whose least sure character was read with less confidence than `least`, 0..1,
    and that no other part of the card confirms.
    """
    draft = drafted(reading, layout, now)
    doubtful = {
        field.same_as or name
        for name, field in layout.fields.items()
        if _is_doubtful(draft.evidence.get(name), least) and draft.texts.get(name) != ""
    }
    if layout.mrz and not (draft.mrz and draft.mrz.valid):
        doubtful.add(ZONE)
    return frozenset(doubtful)


def _is_doubtful(evidence: Evidence | None, least: float) -> bool:
    if evidence is None or evidence.prints < 0:
        return True
    return evidence.reading < least and evidence.prints == 0


def drafted(reading: Reading, layout: Layout, now: datetime.datetime) -> Draft:
    """The values of a card after all rules."""
    draft = Draft({}, {}, _zone(reading, now.date()), reading.barcodes)
    for name, field in layout.fields.items():
        key, kind = field.same_as or name, kinds.KINDS[field.kind]
        read = [
            (kind(lines[key].text), lines[key].confidence)
            for lines in (reading.fields, reading.again)
            if key in lines
        ]
        _decide(draft, name, [(value, sure) for value, sure in read if value is not None])
        empty = key in reading.bare or key in reading.unclear
        if name not in draft.texts and field.optional and empty:
            draft.texts[name] = ""
            draft.absent[name] = key in reading.bare
    for name in layout.not_printed:
        draft.texts[name] = ""
    for rule in layout.rules:
        RULES[rule](draft)
    return draft


def _decide(draft: Draft, name: str, read: Sequence[tuple[Value, float]]) -> None:
    """Enter a field's value, of two readings the better; the second is the more careful."""
    if not read:
        return
    value, sure = read[0]
    engines = 0
    if len(read) == 2:
        other, other_sure = read[1]
        engines = 1 if value.text == other.text else -1
        if engines > 0:
            sure = max(sure, other_sure)
        elif _better(read[1], read[0]):
            value, sure, other = other, other_sure, value
        if engines < 0:
            draft.others[name] = other.text
    draft.texts[name] = value.text
    draft.evidence[name] = Evidence(sure, value.certainty, engines)


def _better(careful: tuple[Value, float], first: tuple[Value, float]) -> bool:
    """Whether the careful reading is taken where the two differ: mostly, it is the right one."""
    (value, sure), (other, other_sure) = careful, first
    if abs(value.certainty - other.certainty) >= _DECIDES:
        return value.certainty > other.certainty
    return sure > min(other_sure, _SURE)


def _zone(reading: Reading, today: datetime.date) -> mrz.Mrz | None:
    """The zone from whichever rows of whichever engine make its check digits hold."""
    found = [
        zone
        for rows in itertools.product(*itertools.zip_longest(*reading.mrz))
        if (zone := mrz.parse([line.text for line in rows if line], today)) is not None
    ]
    return max(found, key=lambda zone: zone.valid, default=None)


def _unsure(
    texts: Mapping[str, str | None], confidences: Mapping[str, float], budget: float
) -> Iterator[str]:
    """The fields that a person has to read; none where the row's expected errors are few."""
    expected = sum(1 - sure for sure in confidences.values()) / len(confidences)
    for name, sure in confidences.items():
        if texts[name] is None:
            yield f"{name}: not readable"
        elif expected > budget and 1 - sure > budget:
            yield f"{name}: {100 * sure:.1f} % sure"


def _birth_place_name(texts: Mapping[str, str | None]) -> Row:
    if "birth_place" not in texts:
        return {}
    return {"birth_place_name": places.name(texts["birth_place"] or "")}


def _holder(texts: Mapping[str, str | None], draft: Draft) -> str | None:
    """The printed number if its check digit holds, else the zone's, the barcode's, the printed."""
    printed = texts.get("id_number")
    number, _, digit = (printed or "").partition("-")
    if digit and digit in kinds.verification_characters(number):
        return number
    if draft.mrz and draft.mrz.number:
        return draft.mrz.number
    for text in draft.barcodes:
        digits = "".join(c for c in text if c.isdigit())
        if len(digits) >= 8:
            return digits[:8]
    return number or None


def _points(points: Points | None) -> list[dict[str, float]] | None:
    return None if points is None else [{"x": float(x), "y": float(y)} for x, y in points]
