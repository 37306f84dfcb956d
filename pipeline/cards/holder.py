"""The cards of one person → one row: what they say together, and where they contradict each other.

A card is a row of its table, with the table's name under `table`.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from pipeline import __version__
from pipeline.cards import mrz
from pipeline.cards.text import letters
from pipeline.schema import HOLDER_FIELDS, SIDE_OF_HOLDER, TYPED_DATES

Card = Mapping[str, Any]
Row = dict[str, Any]
Fact = tuple[str, object, bool]
"""Field, value, and whether the value may be cut short."""

_TOGETHER = (
    ("region", "department", "province", "district", "address"),
    ("registration_date", "issue_date", "issue_date_s", "expiry_date", "expiry_date_s"),
)
"""Fields that are taken from one card: parts of two addresses are no address."""
_ALONE = tuple((field,) for field in HOLDER_FIELDS if field not in chain(*_TOGETHER))
_LASTING = (
    "father_name", "mother_name", "name", "surname", "given_name", "gender_s", "birth_date",
    "birth_place", "nationality",
)  # fmt: skip
"""What does not change from card to card; a difference is a conflict."""


def owned(cards: Sequence[Card]) -> Iterator[tuple[str, Card]]:
    """The cards of one document, each with its holder's number.

    A side without a legible number belongs to the other side of its card: the only one on its
    page, or else in the document, that lacks it. What could be several people's is left out.
    """
    for card in cards:
        on_page = [other for other in cards if other["page"] == card["page"]]
        number = card["holder_id"] or _of_neighbour(card, on_page) or _of_neighbour(card, cards)
        if number:
            yield number, card


def _of_neighbour(card: Card, cards: Sequence[Card]) -> str | None:
    """The number of the one holder here who lacks just such a side, if no other side lacks one."""
    sides: defaultdict[str | None, list[str]] = defaultdict(list)
    for other in cards:
        if other["layout"] == card["layout"]:
            sides[other["holder_id"]].append(other["card_side"])
    rivals = sides.pop(None).count(card["card_side"])
    lacking = [number for number, seen in sides.items() if card["card_side"] not in seen]
    return lacking[0] if rivals == len(lacking) == 1 else None


def merged(holder_id: str, cards: Sequence[Card], now: datetime.datetime) -> Row:
    """One row of `schema.HOLDERS`: of each field the newest card's value, and where it is from.

    A value that the newest card does not give is taken from the next; of several pictures of a
    card the surest is taken. `now` is when the row is made, with its zone.
    """
    ordered = _newest_first(cards)
    row: Row = dict.fromkeys([*HOLDER_FIELDS, *TYPED_DATES.values(), "birth_place_name"])
    provenance: dict[str, int] = {}
    for fields in (*_TOGETHER, *_ALONE):
        place = _giving(fields, ordered)
        if place is None:
            continue
        for field in fields:
            if ordered[place].get(field) is None:
                continue
            row[field], provenance[field] = ordered[place][field], place
            if field in TYPED_DATES:
                row[TYPED_DATES[field]] = ordered[place][TYPED_DATES[field]]
    if "birth_place" in provenance:
        row["birth_place_name"] = ordered[provenance["birth_place"]]["birth_place_name"]
    conflicts = list(_conflicts(ordered, now.date()))
    return row | {
        "holder_id": holder_id,
        "sides": [{column: card[column] for column in SIDE_OF_HOLDER} for card in ordered],
        "provenance": provenance,
        "conflicts": conflicts,
        "accepted": not conflicts and all(ordered[i]["accepted"] for i in provenance.values()),
        "processed_at": now,
        "pipeline_version": __version__,
    }


def _newest_first(cards: Sequence[Card]) -> list[Card]:
    """By the day of issue, a back's being its front's; then by how sure their reading is."""
    issued: dict[str, datetime.date] = {}
    for card in cards:
        day = card.get("issued_on")
        if day:
            issued[card["layout"]] = max(day, issued.get(card["layout"], day))

    def age(card: Card) -> tuple[Any, ...]:
        day = card.get("issued_on") or issued.get(card["layout"]) or datetime.date.min
        sure = [value or 0.0 for value in card["confidence"].values()]
        return day, card["layout"], sum(sure) / len(sure), card["uri"], card["card_index"]

    return sorted(cards, key=age, reverse=True)


def _giving(fields: Sequence[str], ordered: Sequence[Card]) -> int | None:
    """Place of the first card that gives any of the fields; else of one that prints none."""
    for place, card in enumerate(ordered):
        if any(card.get(field) for field in fields):
            return place
    empty = (i for i, card in enumerate(ordered) if any(card.get(f) == "" for f in fields))
    return next(empty, None)


def _conflicts(ordered: Sequence[Card], today: datetime.date) -> Iterator[str]:
    """Each lasting fact on which the cards differ, and what each says."""
    said: defaultdict[str, dict[str, str]] = defaultdict(dict)
    printed = [(card["table"], _printed(card)) for card in ordered]
    # a front was held against a zone of its own when it was read
    backs = [card for card in ordered if card["card_side"] == "back"]
    zones = [(f"MRZ of {card['table']}", _of_zone(card, today)) for card in backs]
    for source, facts in (*printed, *zones):
        for field, value, is_cut in facts:
            key = _comparable(value)
            if not any(k == key or (is_cut and k.startswith(key)) for k in said[field]):
                said[field][key] = f"{source} {value}"
    for field, values in said.items():
        if len(values) > 1:
            yield f"{field}: {', '.join(values.values())}"


def _printed(card: Card) -> Iterator[Fact]:
    for field in _LASTING:
        if card.get(field):
            yield field, card[field], False


def _of_zone(card: Card, today: datetime.date) -> Iterator[Fact]:
    """The lasting facts of a valid machine-readable zone; the last name may be cut short."""
    zone = mrz.parse(card["mrz"] or (), today) if card["mrz_valid"] else None
    if zone is None:
        return
    is_cut = not zone.lines[2].endswith("<<")
    facts = (
        ("birth_date", zone.birth, False),
        ("gender_s", zone.sex, False),
        ("father_name", zone.surname, not zone.given_names),
        ("name", zone.given_names, is_cut),
    )
    yield from (fact for fact in facts if fact[1])


def _comparable(value: object) -> str:
    """Letter by letter: accents and blanks are read differently on the sides of one card."""
    return letters(str(value))
