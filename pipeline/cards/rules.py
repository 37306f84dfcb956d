"""What must hold between the values of a card.

Each rule raises or lowers confidence, fills a value that was not readable from another part of the
card, or says what a person should look at.

A layout names the rules that bind its fields; the check digit of a DNI number is part of its kind.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.cards import kinds, places
from pipeline.cards.confidence import Evidence
from pipeline.cards.mrz import Mrz
from pipeline.cards.text import capitals, letters

_PROVEN = Evidence(reading=0.99, form=1.0)
"""For a value that only the machine-readable zone gave, its check digit holding."""
_UNPROVEN = Evidence(reading=0.9, form=0.6)
"""For one that no check digit covers."""


@dataclass
class Draft:
    """The values of one card while the rules go over them; an absent field was not readable."""

    texts: dict[str, str]
    evidence: dict[str, Evidence]
    mrz: Mrz | None
    barcodes: Sequence[str]
    absent: dict[str, bool] = field(default_factory=dict)
    """Empty fields: whether their place was seen to be bare, or nothing was found."""
    others: dict[str, str] = field(default_factory=dict)
    """What a second engine read, where it differs."""
    reasons: list[str] = field(default_factory=list)

    def agree(self, name: str) -> None:
        """Another part of the card, or a table, says the same."""
        self.evidence[name].prints = 1

    def dispute(self, name: str, reason: str) -> None:
        """Another part of the card, or a table, says otherwise."""
        self.evidence[name].prints = -1
        self.reasons.append(f"{name}: {reason}")

    def fill(self, name: str, text: str, evidence: Evidence = _PROVEN) -> None:
        """Another part of the card says what the print did not, or not legibly."""
        self.texts[name], self.evidence[name] = text, replace(evidence)

    def compare(self, name: str, other: str, source: str) -> None:
        """Hold a printed value against another source, which decides between two engines."""
        if name not in self.texts:
            self.fill(name, other)
        elif other in (self.texts[name], self.others.get(name)):
            self.texts[name] = other
            self.agree(name)
        else:
            self.dispute(name, f"print {self.texts[name]}, {source} {other}")


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
            draft.dispute(
                later, f"{draft.texts[later]} is not after {earlier} {draft.texts[earlier]}"
            )


def mrz(draft: Draft) -> None:
    """Number, dates, sex and names of the machine-readable zone against the printed ones."""
    zone = draft.mrz
    if zone is None:
        return
    _number(draft, zone)
    expiry = kinds.NO_EXPIRY if zone.no_expiry else _printed_date(zone.expiry)
    others = {"birthday": _printed_date(zone.birth), "expiry_date": expiry}
    for name, other in (others | dict.fromkeys(("gender", "gender_s"), zone.sex)).items():
        if other is not None:
            draft.compare(name, other, "MRZ")
    _names(draft, "father_name", zone.surname, cut=False)
    _names(draft, "name", zone.given_names, cut=len(zone.lines[2].rstrip("<")) >= 29)


def place_of_birth(draft: Draft) -> None:
    """The code is one of RENIEC's, or the holder was born abroad."""
    code = draft.texts.get("birth_place")
    if code and code not in places.table():
        draft.dispute("birth_place", f"{code} is not in RENIEC's table; born abroad?")


def place_of_residence(draft: Draft) -> None:
    """Department, province and district are one place of RENIEC's table."""
    fields = [f for f in ("region", "department", "province", "district") if f in draft.texts]
    found = places.nearest("".join(draft.texts[name] for name in fields)) if fields else None
    if found is None:
        for name in fields:
            draft.dispute(name, "no such place in RENIEC's table")
        return
    place, likeness = found
    if fields == ["region"]:
        department = "" if place[0] == "CALLAO" else place[0]
        _respell(draft, "region", f"{department}/{place[1]}/{place[2]}", likeness)
    elif len(fields) == len(place):
        for name, official in zip(fields, place, strict=True):
            _respell(draft, name, official, likeness)


def _respell(draft: Draft, name: str, official: str, likeness: float) -> None:
    """The table's spelling, with its accents if the card prints them."""
    accented = draft.texts[name] == official
    draft.texts[name] = official if accented else capitals(official)
    draft.evidence[name].form = likeness
    if likeness == 1:
        draft.agree(name)


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
        draft.dispute("id_number", f"print {printed}, MRZ {zone.number}")


def _names(draft: Draft, name: str, other: str, *, cut: bool) -> None:
    """Names agree letter by letter; the zone has no accents, and its line may be cut short."""
    zone = letters(other)
    if not zone:
        return
    if name not in draft.texts:
        if not cut:
            draft.fill(name, other, _UNPROVEN)
        return
    for read in (draft.texts[name], draft.others.get(name, "")):
        if letters(read) == zone or (cut and letters(read).startswith(zone)):
            text = _with_tildes(read, other)
            lost = not cut and text.count(" ") < other.count(" ")
            draft.texts[name] = _with_blanks(text, other) if lost else text
            draft.agree(name)
            return
    draft.dispute(name, f"print {draft.texts[name]}, MRZ {other}")


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
