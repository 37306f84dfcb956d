"""What must hold between the values of a card.

Each rule raises or lowers confidence, fills a value that was not readable from another part of the
card, or says what a person should look at.

A layout names the rules that bind its fields; the check digit of a DNI number is part of its kind.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.cards import confidence, kinds, places
from pipeline.cards.mrz import Mrz
from pipeline.cards.text import capitals, letters

_FROM_MRZ = 0.97
"""Confidence in a value that only the machine-readable zone gave, its check digit holding."""
_ALIKE = 80.0


@dataclass
class Draft:
    """The values of one card while the rules go over them; an absent field was not readable."""

    texts: dict[str, str]
    confidences: dict[str, float]
    mrz: Mrz | None
    barcodes: Sequence[str]
    reasons: list[str] = field(default_factory=list)

    def agree(self, name: str) -> None:
        """Another part of the card says the same."""
        self.confidences[name] = confidence.agreed(self.confidences[name])

    def dispute(self, name: str, other: str) -> None:
        """Another part of the card says otherwise."""
        self.confidences[name] = confidence.disputed(self.confidences[name])
        self.reasons.append(f"{name}: print {self.texts[name]}, {other}")

    def fill(self, name: str, text: str, sure: float = _FROM_MRZ) -> None:
        """Another part of the card says what the print did not, or not legibly."""
        self.texts[name], self.confidences[name] = text, sure


Rule = Callable[[Draft], None]


def date_order(draft: Draft) -> None:
    """Birth < registration ≤ issue < expiry."""
    dates = [
        (name, day)
        for name in ("birthday", "registration_date", "issue_date", "expiry_date")
        if (day := to_date(draft.texts.get(name))) is not None
    ]
    for (earlier, first), (later, second) in pairwise(dates):
        may_be_equal = (earlier, later) == ("registration_date", "issue_date")
        if first > second or (first == second and not may_be_equal):
            draft.dispute(later, f"but {earlier} {first:{kinds.DAY_FORMAT}}")


def mrz(draft: Draft) -> None:
    """Number, dates, sex and names of the machine-readable zone against the printed ones."""
    zone = draft.mrz
    if zone is None:
        return
    _number(draft, zone)
    _compare(draft, "birthday", _printed_date(zone.birth))
    expiry = kinds.NO_EXPIRY if zone.no_expiry else _printed_date(zone.expiry)
    _compare(draft, "expiry_date", expiry)
    for name in ("gender", "gender_s"):
        _compare(draft, name, zone.sex)
    _names(draft, "father_name", zone.surname, cut=False)
    _names(draft, "name", zone.given_names, cut=len(zone.lines[2].rstrip("<")) >= 29)


def place_of_birth(draft: Draft) -> None:
    """The code is one of RENIEC's, or the holder was born abroad."""
    code = draft.texts.get("birth_place")
    if code and code not in places.table():
        draft.confidences["birth_place"] = confidence.disputed(draft.confidences["birth_place"])
        draft.reasons.append(f"birth_place: {code} is not in RENIEC's table; born abroad?")


def place_of_residence(draft: Draft) -> None:
    """Department, province and district are one place of RENIEC's table."""
    fields = [f for f in ("region", "department", "province", "district") if f in draft.texts]
    found = places.nearest("".join(draft.texts[name] for name in fields)) if fields else None
    if found is None:
        for name in fields:
            draft.confidences[name] = confidence.disputed(draft.confidences[name])
            draft.reasons.append(f"{name}: no such place in RENIEC's table")
        return
    place, likeness = found
    sure = confidence.AGREED if likeness == 1 else 0.9
    if fields == ["region"]:
        department = "" if place[0] == "CALLAO" else place[0]
        _respell(draft, "region", f"{department}/{place[1]}/{place[2]}", sure)
    elif len(fields) == len(place):
        for name, official in zip(fields, place, strict=True):
            _respell(draft, name, official, sure)


def _respell(draft: Draft, name: str, official: str, sure: float) -> None:
    """The table's spelling, with its accents if the card prints them."""
    accented = draft.texts[name] == official
    draft.fill(name, official if accented else capitals(official), sure)


RULES: dict[str, Rule] = {
    rule.__name__: rule for rule in (date_order, mrz, place_of_birth, place_of_residence)
}


def to_date(text: str | None) -> datetime.date | None:
    """A printed date in either of the contract's formats; None for what is no date."""
    value = kinds.date(text) if text else None
    if value is None and text:
        numeric = kinds.numeric_date(text)
        value = kinds.date(numeric.text) if numeric else None
    return datetime.datetime.strptime(value.text, kinds.DAY_FORMAT).date() if value else None


def _printed_date(day: datetime.date | None) -> str | None:
    return day.strftime(kinds.DAY_FORMAT) if day else None


def _number(draft: Draft, zone: Mrz) -> None:
    printed = draft.texts.get("id_number")
    if zone.number is None:
        return
    digit, letter = kinds.verification_characters(zone.number)
    if printed is None:
        draft.fill("id_number", f"{zone.number}-{digit}")
    elif printed[:8] == zone.number:
        if printed[9:] not in (digit, letter):
            draft.fill("id_number", f"{zone.number}-{digit}")
        draft.agree("id_number")
    elif printed[9:] not in kinds.verification_characters(printed[:8]):
        draft.fill("id_number", f"{zone.number}-{digit}")
    else:
        draft.dispute("id_number", f"MRZ {zone.number}")


def _compare(draft: Draft, name: str, other: str | None) -> None:
    if other is None:
        return
    if name not in draft.texts:
        draft.fill(name, other)
    elif draft.texts[name] == other:
        draft.agree(name)
    else:
        draft.dispute(name, f"MRZ {other}")


def _names(draft: Draft, name: str, other: str, *, cut: bool) -> None:
    """Names agree letter by letter; the zone has no accents, and its line may be cut short."""
    printed, zone = letters(draft.texts.get(name, "")), letters(other)
    if not zone:
        return
    if not printed:
        if not cut:
            draft.fill(name, other, 0.9)
    elif printed == zone or (cut and printed.startswith(zone)):
        draft.texts[name] = _with_tildes(draft.texts[name], other)
        if not cut and draft.texts[name].count(" ") < other.count(" "):
            draft.texts[name] = _with_blanks(draft.texts[name], other)
        draft.agree(name)
    elif fuzz.ratio(printed, zone) < _ALIKE:
        draft.dispute(name, f"MRZ {other}")


def _with_tildes(printed: str, zone: str) -> str:
    """The printed name, its N an Ñ where the zone says so: the zone spells the tilde out as NXX."""
    letters_of_zone = iter(zone.replace(" ", ""))
    return "".join(
        c if c == " " else "Ñ" if next(letters_of_zone, "") == "Ñ" and c == "N" else c
        for c in printed
    )


def _with_blanks(run_together: str, spaced: str) -> str:
    """The printed letters, accents kept, with the blanks of the zone's spelling."""
    remaining = iter(run_together.replace(" ", ""))
    return "".join(c if c == " " else next(remaining, "") for c in spaced)
