"""The machine-readable zone, as printed and as misread."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from pipeline.cards import mrz
from specimens import mrz as printed

TODAY = datetime.date(2026, 1, 1)
PUBLISHED = (
    "I<PER43451826<9<<<<<<<<<<<<<<<",
    "8602189F2005180PER<<<<<<<<<<<0",
    "CASTILLO<<VANESSA<SILVIA<<<<<<",
)


def test_the_published_specimen_is_valid() -> None:
    zone = mrz.parse(PUBLISHED, TODAY)
    assert zone is not None
    assert zone.valid
    assert (zone.number, zone.sex, zone.surname, zone.given_names) == (
        "43451826",
        "F",
        "CASTILLO",
        "VANESSA SILVIA",
    )
    assert (zone.birth, zone.expiry) == (datetime.date(1986, 2, 18), datetime.date(2020, 5, 18))


def test_dropped_fillers_and_confusable_characters_are_mended() -> None:
    zone = mrz.parse(
        ["I<PER4345I826<9<<<<<<", "86O2189F20O5180PER<<<<<0", "CASTILLO<<VANESSA<SILVIA"], TODAY
    )
    assert zone is not None
    assert zone.valid
    assert zone.number == "43451826"


def test_a_number_whose_check_digit_fails_is_not_believed() -> None:
    zone = mrz.parse(["I<PER43451827<9<<<<<<<<<<<<<<<", *PUBLISHED[1:]], TODAY)
    assert zone is not None
    assert zone.number is None
    assert not zone.valid


def test_a_card_that_never_expires() -> None:
    lines = printed.lines("43451826", datetime.date(1950, 3, 1), "M", None, "PEÑA", "ÍTALO")
    zone = mrz.parse(lines, TODAY)
    assert zone is not None
    assert zone.valid
    assert zone.no_expiry
    assert (zone.surname, zone.given_names) == ("PEÑA", "ITALO")


@given(
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.dates(datetime.date(1930, 1, 1), datetime.date(2020, 1, 1)),
    st.dates(datetime.date(2010, 1, 1), datetime.date(2060, 1, 1)),
    st.sampled_from("MF"),
)
def test_what_is_printed_reads_back(
    number: str, birth: datetime.date, expiry: datetime.date, sex: str
) -> None:
    zone = mrz.parse(printed.lines(number, birth, sex, expiry, "QUISPE", "ANA"), TODAY)
    assert zone is not None
    assert (zone.number, zone.birth, zone.expiry, zone.sex) == (number, birth, expiry, sex)
    assert zone.valid


@given(st.lists(st.text(max_size=40), max_size=5))
def test_no_reading_makes_it_fail(readings: list[str]) -> None:
    mrz.parse(readings, TODAY)
