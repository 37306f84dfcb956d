"""What must hold between the values of a card."""

import datetime

import pytest

from pipeline.cards import mrz, rules
from pipeline.cards.confidence import Evidence
from pipeline.cards.rules import Draft
from specimens import mrz as printed

ZONE = mrz.parse(
    printed.lines(
        "43451826", datetime.date(1994, 5, 15), "F", datetime.date(2028, 5, 18), "PEÑA", "ANA LUZ"
    ),
    datetime.date(2026, 1, 1),
)


def draft(**texts: str) -> Draft:
    return Draft(texts, {name: Evidence(0.9, 0.6) for name in texts}, ZONE, ())


def test_a_date_that_the_zone_contradicts_is_named_for_review() -> None:
    card = draft(birthday="16/05/1994")
    rules.mrz(card)
    assert card.reasons == ["birthday: print 16/05/1994, MRZ 15/05/1994"]
    assert card.evidence["birthday"].prints == -1


def test_the_zone_decides_between_two_engines() -> None:
    card = draft(birthday="16/05/1994", father_name="PENA")
    card.others = {"birthday": "15/05/1994"}
    rules.mrz(card)
    assert card.texts["birthday"] == "15/05/1994"
    assert card.texts["father_name"] == "PEÑA"
    assert card.reasons == []


def test_what_is_not_legible_comes_from_the_zone() -> None:
    card = draft(father_name="PEÑA")
    rules.mrz(card)
    assert card.texts == {
        "id_number": "43451826-7",
        "birthday": "15/05/1994",
        "expiry_date": "18/05/2028",
        "gender": "F",
        "gender_s": "F",
        "father_name": "PEÑA",
        "name": "ANA LUZ",
    }
    assert card.reasons == []


def test_blanks_lost_in_print_come_from_the_zone() -> None:
    card = draft(name="ANALUZ")
    rules.mrz(card)
    assert card.texts["name"] == "ANA LUZ"


def test_a_number_whose_digit_fails_gives_way_to_the_zone() -> None:
    card = draft(id_number="43451828-7")
    rules.mrz(card)
    assert card.texts["id_number"] == "43451826-7"


@pytest.mark.parametrize(
    ("dates", "disputed"),
    [
        ({"birthday": "01/01/1990", "issue_date": "01/01/2010"}, []),
        ({"issue_date": "01/01/2010", "expiry_date": "01/01/2010"}, ["expiry_date"]),
        ({"registration_date": "01/01/2010", "issue_date": "01/01/2010"}, []),
        ({"birthday": "01 ENE 1990", "issue_date": "31 DIC 1989"}, ["issue_date"]),
        ({"issue_date": "01/01/2010", "expiry_date": "NO CADUCA"}, []),
    ],
)
def test_dates_stand_in_their_order(dates: dict[str, str], disputed: list[str]) -> None:
    card = draft(**dates)
    rules.date_order(card)
    assert [reason.split(":")[0] for reason in card.reasons] == disputed


@pytest.mark.parametrize(
    ("read", "written"),
    [
        ("LIMA/LIMA/LAVICTORIA", "LIMA/LIMA/LA VICTORIA"),
        ("ICALLAO/VENTANILLA", "/CALLAO/VENTANILLA"),
        ("ANCASH/RECUAYITAPACOCHA", "ANCASH/RECUAY/TAPACOCHA"),
        ("ÁNCASH/RECUAY/TAPACOCHA", "ÁNCASH/RECUAY/TAPACOCHA"),
    ],
)
def test_places_are_spelled_as_in_the_table(read: str, written: str) -> None:
    card = draft(region=read)
    rules.place_of_residence(card)
    assert card.texts["region"] == written


def test_a_place_outside_the_table_is_for_a_person() -> None:
    card = draft(region="GONDOR/ANORIEN/MINAS TIRITH")
    rules.place_of_residence(card)
    assert card.texts["region"] == "GONDOR/ANORIEN/MINAS TIRITH"
    assert card.reasons
