"""The machine-readable zone of the DNI: ICAO 9303-5, size TD1, three lines of 30 characters.

Two departures of the DNI from the standard: line 3 holds the first surname only, and the number's
check digit stands after a filler (`43451826<9`).
"""

import datetime
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LENGTH = 30
_WEIGHTS = (7, 3, 1)
_TO_DIGIT = str.maketrans("OQDIZLSGBT", "0001215687")
_TO_LETTER = str.maketrans("01258", "OIZSB")
_TYPES = ("I<PER", "IDPER")
_LONGEST_VALIDITY = datetime.timedelta(days=50 * 365)
"""An expiry later than this after today belongs to the last century."""
_NO_EXPIRY = "000101"
"""What the DNI prints as the expiry of a card that never expires."""


@dataclass(frozen=True)
class Mrz:
    """What the zone says; a part whose check digit fails is None."""

    lines: tuple[str, str, str]
    number: str | None
    birth: datetime.date | None
    expiry: datetime.date | None
    no_expiry: bool
    sex: str | None
    surname: str
    given_names: str
    """May be cut short: the line ends after 30 characters."""
    valid: bool
    """All four check digits hold."""


def check_digit(text: str) -> str:
    """The check digit over digits, letters and fillers (ICAO 9303-3, section 4.9)."""
    total = sum(
        int(c, 36) * weight if c != "<" else 0 for c, weight in zip(text, itertools.cycle(_WEIGHTS))
    )
    return str(total % 10)


def rows_among(texts: Iterable[str]) -> int:
    """How many of the texts are rows of a DNI's zone: 0 unless one is its first."""
    rows = [text for text in texts if len(text) >= LENGTH - 8 and text.count("<") >= 3]
    return len(rows) if any(_begins(row) for row in rows) else 0


def parse(readings: Sequence[str], today: datetime.date) -> Mrz | None:
    """Read the three lines out of what an engine saw of the zone, top to bottom.

    Confusable characters are settled by where digits and letters must stand, dropped fillers by the
    length of a line. None if the lines are not those of a DNI.
    """
    lines = [line.replace(" ", "").upper() for line in readings]
    lines = [line for line in lines if len(line) >= LENGTH // 2]
    for upper, middle, lower in zip(lines, lines[1:], lines[2:], strict=False):
        found = _parse(upper, middle, lower, today)
        if found is not None:
            return found
    return None


def _parse(upper: str, middle: str, lower: str, today: datetime.date) -> Mrz | None:
    number, first = _number(upper)
    second = _second(middle)
    if first is None or second is None:
        return None
    third = _names(lower)
    birth = _date(second[0:7], latest=today)
    expiry = _date(second[8:15], latest=today + _LONGEST_VALIDITY)
    no_expiry = second[8:14] == _NO_EXPIRY
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    valid = (
        number is not None
        and birth is not None
        and (expiry is not None or no_expiry)
        and check_digit(composite) == second[29]
    )
    surname, _, given = third.strip("<").partition("<<")
    return Mrz(
        lines=(first, second, third),
        number=number,
        birth=birth,
        expiry=None if no_expiry else expiry,
        no_expiry=no_expiry,
        sex=second[7] if second[7] in "MF" else None,
        surname=_printed(surname),
        given_names=_printed(given),
        valid=valid,
    )


def _number(line: str) -> tuple[str | None, str | None]:
    """The eight digits, if their check digit holds, and the line as it must have been printed."""
    if not _begins(line):
        return None, None
    digits = line[5:13].translate(_TO_DIGIT)
    if len(digits) < 8 or not digits.isdigit():
        return None, None
    # the filler between number and check digit is easily dropped, or read as a letter
    for check in (line[14:15], line[13:14]):
        check = check.translate(_TO_DIGIT)
        if check and check == check_digit(digits + "<"):
            return digits, f"I<PER{digits}<{check}".ljust(LENGTH, "<")
    return None, f"I<PER{digits}<{line[14:15] or '<'}".ljust(LENGTH, "<")


def _begins(line: str) -> bool:
    """Whether a line begins as the first one of a DNI does, a character apart."""
    head = line[:5].translate(str.maketrans("01L", "OII"))
    return head in _TYPES or sum(a == b for a, b in zip(head, _TYPES[0], strict=False)) >= 4


def _second(line: str) -> str | None:
    """The line with digits and letters where the standard has them, or None."""
    for start in range(max(1, len(line) - 24)):
        text = line[start:]
        dates = text[0:7].translate(_TO_DIGIT) + text[7:8] + text[8:15].translate(_TO_DIGIT)
        if len(dates) == 15 and (dates[:7] + dates[8:]).isdigit() and dates[7] in "MF<":
            last = text[15:][-1:].translate(_TO_DIGIT)
            return f"{dates}PER".ljust(LENGTH - 1, "<") + (last if last.isdigit() else "<")
    return None


def _names(line: str) -> str:
    """Letters and fillers; the tail after the names is fillers, however it was read."""
    return line.translate(_TO_LETTER)[:LENGTH].ljust(LENGTH, "<")


def _date(text: str, latest: datetime.date) -> datetime.date | None:
    """`YYMMDD` and its check digit, in the last century that is not after `latest`."""
    if check_digit(text[:6]) != text[6]:
        return None
    for century in (2000, 1900):
        try:
            date = datetime.date(century + int(text[0:2]), int(text[2:4]), int(text[4:6]))
        except ValueError:
            continue
        if date <= latest:
            return date
    return None


def _printed(name: str) -> str:
    """Fillers as blanks, `NXX` as Ñ."""
    return " ".join(name.replace("NXX", "Ñ").replace("<", " ").split())
