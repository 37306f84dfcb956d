"""What two engines read becomes one value, and says how sure it is."""

import datetime

import numpy as np
import pytest

from pipeline.cards.row import ZONE, doubts, drafted, row
from pipeline.elements import Line, Origin, Reading
from pipeline.settings import Settings

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
READ = {
    "id_number": "43451826-7",
    "father_name": "CASTILLO",
    "mother_name": "QUISPE",
    "name": "VANESSA",
    "gender": "FEMENINO",
    "marriage": "SOLTERA",
    "birthday": "18 02 1986",
    "birth_place": "140101",
    "issue_date": "18 05 2015",
    "expiry_date": "18 05 2023",
    "election_number": "123456",
    "organ_donation": "NO",
}


def line(text: str, sure: float = 0.999) -> Line:
    return Line(text, 0.3, 0.3, 0.2, 0.03, (sure,) * len(text))


def reading(again: dict[str, Line], **changed: Line) -> Reading:
    fields = {name: line(text) for name, text in READ.items()} | changed
    return Reading(
        Origin("card.jpg", "TID", page=1), 0, "dnie_2013_front", np.zeros((4, 2)), fields, again,
        frozenset(), frozenset(), ((),), (), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "first", "second", "taken"),
    [
        ("father_name", line("CASTILIO", 0.6), line("CASTILLO", 0.98), "CASTILLO"),
        ("father_name", line("NUÑEZ", 0.9), line("NUNEZ", 0.5), "NUÑEZ"),
        ("id_number", line("43451826-7", 0.7), line("43451828-7", 0.99), "43451826-7"),
    ],
    ids=["the careful one", "not if it is unsure itself", "whose check digit holds"],
)
def test_where_two_engines_differ(
    configuration: Settings, name: str, first: Line, second: Line, taken: str
) -> None:
    layout = next(la for la in configuration.layouts if la.name == "dnie_2013_front")
    draft = drafted(reading({name: second}, **{name: first}), layout, NOW)
    assert draft.texts[name] == taken
    assert draft.evidence[name].engines == -1


def test_what_is_missing_or_unsure_is_doubtful(configuration: Settings) -> None:
    layout = next(la for la in configuration.layouts if la.name == "dnie_2013_front")
    unsure = reading({}, name=line("VANESA", 0.4), birthday=line("??"))
    assert doubts(unsure, layout, 0.97, NOW) == {"name", "birthday"}
    assert ZONE not in doubts(unsure, layout, 0.97, NOW)


def test_a_row_is_accepted_if_few_of_its_fields_are_expected_to_be_wrong(
    configuration: Settings,
) -> None:
    layout = next(la for la in configuration.layouts if la.name == "dnie_2013_front")
    sure = row(reading({}), layout, configuration.judge, NOW)
    assert sure["accepted"]
    assert sure["review_reasons"] == []
    unsure = row(reading({}, name=line("VANESA", 0.02)), layout, configuration.judge, NOW)
    assert not unsure["accepted"]
    (reason,) = unsure["review_reasons"]
    assert reason.startswith("name: ")
    assert "VANESA" not in reason
