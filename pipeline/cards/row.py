"""One card's reading to one row of its table."""

import datetime
from collections.abc import Iterator, Mapping

from pipeline import __version__
from pipeline.cards import confidence, kinds, mrz, places
from pipeline.cards.layout import Layout
from pipeline.cards.rules import RULES, Draft, to_date
from pipeline.elements import Points, Reading
from pipeline.schema import CARD_INFO, TYPED_DATES

Row = dict[str, object]

_SURE_OF_ABSENCE = 0.9
"""Confidence that a window without ink holds no value."""


def row(reading: Reading, layout: Layout, least_confidence: float, now: datetime.datetime) -> Row:
    """The row as `schema.CARD_TABLES` describes it; `now` is when it was made, with its zone."""
    zone = mrz.parse([line.text for line in reading.mrz], now.date()) if layout.mrz else None
    draft = Draft(*_values(reading, layout), zone, reading.barcodes)
    for rule in layout.rules:
        RULES[rule](draft)
    fields = CARD_INFO[layout.table]
    texts = {name: _cell(name, draft, reading, layout) for name in fields}
    confidences = {name: _confidence(name, texts, draft) for name in fields}
    reasons = [*draft.reasons, *_unsure(texts, confidences, least_confidence)]
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
        "mrz": list(zone.lines) if zone else [line.text for line in reading.mrz],
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


def _unsure(
    texts: Mapping[str, str | None], confidences: Mapping[str, float], least: float
) -> Iterator[str]:
    """The fields that a person has to read, where no rule has named them already."""
    for name, sure in confidences.items():
        if texts[name] is None:
            yield f"{name}: not readable"
        elif sure < least:
            yield f"{name}: read with confidence {sure:.2f}, asked {least:.2f}"


def _values(reading: Reading, layout: Layout) -> tuple[dict[str, str], dict[str, float]]:
    """The text and confidence of every field whose kind accepts what was read."""
    texts, confidences = {}, {}
    for name, field in layout.fields.items():
        line = reading.fields.get(field.same_as or name)
        value = kinds.KINDS[field.kind](line.text) if line else None
        if line and value:
            texts[name] = value.text
            confidences[name] = confidence.of_reading(line.confidence, value.certainty)
    return texts, confidences


def _cell(name: str, draft: Draft, reading: Reading, layout: Layout) -> str | None:
    """The value; "" where the card prints none, None where it could not be read."""
    if name in draft.texts:
        return draft.texts[name]
    field = layout.fields.get(name)
    if field is None or (field.optional and name in reading.bare):
        return ""
    return None


def _confidence(name: str, texts: Mapping[str, str | None], draft: Draft) -> float:
    if name in draft.confidences:
        return draft.confidences[name]
    return 0.0 if texts[name] is None else _SURE_OF_ABSENCE


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
