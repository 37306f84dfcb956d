"""The cards of one person become one row, and say where they differ."""

import datetime
from typing import Any

import pytest

from pipeline.cards.holder import merged, owned
from pipeline.schema import CARD_INFO, TYPED_DATES

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
NUMBER = "43451826"
ZONE = [
    "I<PER43451826<9<<<<<<<<<<<<<<<",
    "8601012M2801016PER<<<<<<<<<<<6",
    "QUISPE<<JUAN<CARLOS<<<<<<<<<<<",
]


def card(table: str, *, issued: int | None = None, **values: Any) -> dict[str, Any]:
    """A row of a card table, of one document."""
    card_type, _, side = table.partition("_")
    row: dict[str, Any] = dict.fromkeys(CARD_INFO[table])
    if "issue_date" in row:
        row |= {TYPED_DATES[name]: None for name in TYPED_DATES if name in row}
        row["issued_on"] = datetime.date(issued, 1, 1) if issued else None
    row |= {
        "table": table,
        "layout": f"{card_type} layout",
        "card_side": side,
        "uri": "a.jpg",
        "page": 1,
        "card_index": 0,
        "request_id": "TID",
        "accepted": True,
        "holder_id": NUMBER,
        "mrz": [],
        "mrz_valid": None,
        "birth_place_name": None,
        "confidence": dict.fromkeys(CARD_INFO[table], 0.9),
    }
    return row | values


def test_the_newest_card_speaks_first_and_older_ones_fill_in() -> None:
    old = card("old_front", issued=2009, name="JUAN", marriage="S", registration_date="01/01/2005")
    back = card("old_back", department="LIMA", district="ATE", address="JR. SOL 1")
    new = card("new_front", issued=2021, name="JUAN", marriage="Casado", issue_date="01/01/2021")
    row = merged(NUMBER, [back, old, new], NOW)
    assert row["sides"][0]["table"] == "new_front"
    assert (row["marriage"], row["name"], row["address"]) == ("Casado", "JUAN", "JR. SOL 1")
    assert row["issued_on"] == datetime.date(2021, 1, 1)
    assert row["registration_date"] is None  # dates of one card are not mixed with another's
    assert row["sides"][row["provenance"]["address"]]["table"] == "old_back"
    assert row["conflicts"] == []
    assert row["accepted"]


def test_an_address_is_taken_from_one_card() -> None:
    old = card("old_back", department="LIMA", province="LIMA", district="ATE", address="JR. SOL 1")
    older = card("old_front", issued=2009)
    new = card("new_front", issued=2021)
    back = card("new_back", region="CUSCO/CUSCO/WANCHAQ", address="AV. LUNA 2")
    row = merged(NUMBER, [old, older, new, back], NOW)
    assert (row["region"], row["address"]) == ("CUSCO/CUSCO/WANCHAQ", "AV. LUNA 2")
    assert row["department"] is None


@pytest.mark.parametrize(
    ("cards", "conflicts"),
    [
        ([card("new_front", name="JOSÉ"), card("old_front", name="JOSE")], []),
        (
            [card("new_front", name="JOSE"), card("old_front", name="JORGE")],
            ["name: old_front JORGE, new_front JOSE"],
        ),
        (
            [
                card("new_front", father_name="QUISPE", name="JUAN CARLOS", gender_s="M"),
                card("new_back", mrz=ZONE, mrz_valid=True),
            ],
            [],
        ),
        (
            [
                card("new_front", father_name="QUIROZ", name="JUAN CARLOS", gender_s="F"),
                card("new_back", mrz=ZONE, mrz_valid=True),
            ],
            [
                "father_name: new_front QUIROZ, MRZ of new_back QUISPE",
                "gender_s: new_front F, MRZ of new_back M",
            ],
        ),
        ([card("new_front", address="A"), card("old_front", marriage="C")], []),
    ],
)
def test_what_should_be_the_same_and_is_not_is_a_conflict(
    cards: list[dict[str, Any]], conflicts: list[str]
) -> None:
    row = merged(NUMBER, cards, NOW)
    assert row["conflicts"] == conflicts
    assert row["accepted"] == (not conflicts)


def test_of_two_pictures_of_a_card_the_surer_is_taken() -> None:
    blurred = card("new_back", address="JR. S0L", uri="z.jpg", confidence={"address": 0.4})
    sharp = card("new_back", address="JR. SOL", confidence={"address": 0.99})
    assert merged(NUMBER, [blurred, sharp], NOW)["address"] == "JR. SOL"


def front(number: str | None, page: int = 1) -> dict[str, Any]:
    return card("old_front", holder_id=number, page=page)


def back(number: str | None, page: int = 1) -> dict[str, Any]:
    return card("old_back", holder_id=number, page=page)


@pytest.mark.parametrize(
    ("cards", "numbers"),
    [
        ([front("1"), back(None)], ["1", "1"]),
        ([front(None), back("1")], ["1", "1"]),
        ([front("1"), back(None, page=2)], ["1", "1"]),
        ([front("1"), back(None), front("2", page=2), back(None, page=2)], ["1", "1", "2", "2"]),
        ([front("1"), front("2"), back(None), back("1")], ["1", "1", "2", "2"]),
        ([back(None)], []),
        ([card("new_front", holder_id="1"), back(None)], ["1"]),
        ([front("1"), front(None)], ["1"]),
        ([front("1"), front("2"), back(None)], ["1", "2"]),
        ([front("1"), back(None), back(None)], ["1"]),
    ],
)
def test_a_side_without_a_number_is_its_neighbours_if_only_one_can_be(
    cards: list[dict[str, Any]], numbers: list[str]
) -> None:
    assert sorted(number for number, _ in owned(cards)) == numbers
