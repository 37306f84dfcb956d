"""The kinds of value a card prints: for each, how the contract writes what was read.

A kind is a function from the text of one value, as an engine read it, to a `Value`, or None when
the text cannot be one. `KINDS` names them for the layout files; a new kind is one more function.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.cards import places
from pipeline.cards.text import capitals, letters, without_accents

NO_EXPIRY = "NO CADUCA"
DAY_FORMAT = "%d/%m/%Y"
_MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SET", "OCT", "NOV", "DIC")
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)} | {"SEP": 9}
_TO_DIGIT = str.maketrans("OoQDIilL|ZSsGBT", "000011111255687")
_TO_LETTER = str.maketrans("012586|", "OIZSBGI")
_NOT_DIGIT = re.compile(r"\D")
_PART = "AV|JR|CA|CALLE|CARR|PSJE|PROLG|URB|MZ|LT|LOTE|DPTO|INT|NRO|KM|SUM|COD|PISO"
"""What parts of an address begin with; a number or a name follows after a blank."""
_MENDED = (
    # who prints the first full stop of initials prints the second, which is easily lost
    (re.compile(r"\b([A-Z]\.[A-Z])(?=\s)"), r"\1."),
    # blanks are lost beside full stops and digits: CA.JOSE (but not AA.HH.), AV2, 27LT, 110A.H.
    (re.compile(r"([^\W\d]{2}\.)(?=\w)(?![^\W\d]{1,3}\.)"), r"\1 "),
    (re.compile(rf"\b({_PART})(?=\d)"), r"\1 "),
    (re.compile(rf"(\d)(?=(?:{_PART})\b|[A-Z]\.[A-Z]\.)"), r"\1 "),
    # a letter that ends a number is a digit
    (re.compile(r"(?<=\d\d)O\b"), "0"),
)
"""What engines lose in addresses, and what stood there."""
_UNFINISHED = re.compile(rf"\b(?:{_PART})\.?$")
_DNI_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_DNI_DIGITS, _DNI_LETTERS = "65432110987", "KJIHGFEDCBA"
_MARITAL = {"S": "Soltero", "C": "Casado", "V": "Viudo", "D": "Divorciado"}


@dataclass(frozen=True)
class Value:
    """A value in the contract's format."""

    text: str
    certainty: float
    """How much its form says that it is such a value, 0..1: a valid check digit says more than any
    run of capitals."""
    source: str = ""
    """The part of the text it came from, where the rest may be another value; else empty."""


Kind = Callable[[str], Value | None]


def verification_characters(number: str) -> tuple[str, str]:
    """The DNI's verification digit, and the letter that documents before 2007 print instead.

    RENIEC's rule: weights 3 2 7 6 5 4 3 2, modulo 11. `number` is eight digits.
    """
    total = sum(int(digit) * weight for digit, weight in zip(number, _DNI_WEIGHTS, strict=True))
    return _DNI_DIGITS[total % 11], _DNI_LETTERS[total % 11]


def dni_number(text: str) -> Value | None:
    """`43451826-7`: eight digits and the verification digit; without one it is computed."""
    match = re.search(r"(?<!\d)(\d{8})(?:\s*[-–—.:]?\s*([0-9A-K])\b)?(?!\d)", _digits(text))
    if match is None:
        return None
    number, printed = match.groups()
    computed = verification_characters(number)
    if printed is None:
        return Value(f"{number}-{computed[0]}", 0.6)
    return Value(f"{number}-{printed}", 1.0 if printed in computed else 0.2)


def foreigner_number(text: str) -> Value | None:
    """`004599123`: nine digits."""
    match = re.search(r"(?<!\d)\d{9}(?!\d)", _digits(text))
    return Value(match[0], 0.9) if match else None


def six_digits(text: str) -> Value | None:
    """A voting group: six digits and nothing else beside them."""
    read = _digits(text)
    if re.fullmatch(r"[\d ]+", read) and len(_NOT_DIGIT.sub("", read)) == 6:
        return Value(_NOT_DIGIT.sub("", read), 0.8)
    match = re.search(r"(?<!\d)\d{6}(?!\d)", read)
    return Value(match[0], 0.8, match[0]) if match else None


def ubigeo(text: str) -> Value | None:
    """A RENIEC code; one outside the table may still be right, for births abroad."""
    value = six_digits(text)
    if value is None:
        return None
    return Value(value.text, 0.95 if value.text in places.table() else 0.4, value.source)


def date(text: str) -> Value | None:
    """`18/02/1986`, however its parts were set apart, or not at all."""
    # a code of six digits may follow without a blank: the blue card prints both on one line
    end = r"(?=(?:\s?\d){6}\s*$|(?!\d))"
    form = rf"(?<!\d)(\d\s?\d)[\s./-]*(\d\s?\d)[\s./-]*(\d\s?\d\s?\d\s?\d){end}"
    for match in re.finditer(form, _digits(text)):
        day, month, year = (int(_NOT_DIGIT.sub("", group)) for group in match.groups())
        found = _day(day, month, year)
        if found is not None:
            return Value(found.strftime(DAY_FORMAT), 0.95, match[0])
    return None


def expiry(text: str) -> Value | None:
    """A date, or `NO CADUCA`."""
    if fuzz.ratio(letters(text), "NOCADUCA") >= 75:
        return Value(NO_EXPIRY, 0.95)
    return date(text)


def date_with_month(text: str) -> Value | None:
    """`16 MAR 1991`; a numeric date is written the same way."""
    match = re.search(r"(\w{1,2})[\s./-]*([^\W\d]{3})[^\W\d]*[\s./-]*(\w{4})\b", capitals(text))
    if match is not None:
        month = _MONTH_NUMBER.get(match[2].translate(_TO_LETTER))
        day, year = (match[i].translate(_TO_DIGIT) for i in (1, 3))
        if month and day.isdigit() and year.isdigit() and _day(int(day), month, int(year)):
            return Value(f"{int(day):02d} {match[2]} {year}", 0.95)
    numeric = date(text)
    if numeric is None:
        return None
    found = datetime.datetime.strptime(numeric.text, DAY_FORMAT)
    return Value(f"{found.day:02d} {_MONTHS[found.month - 1]} {found.year}", 0.9)


def numeric_date(text: str) -> Value | None:
    """`16-03-1991`, from a date with a month's name."""
    value = date_with_month(text)
    if value is None:
        return None
    day, month, year = value.text.split()
    return Value(f"{day}-{_MONTH_NUMBER[month]:02d}-{year}", value.certainty)


def sex_letter(text: str) -> Value | None:
    """`M` or `F`, from the letter or the word."""
    read = letters(text)
    if read in ("M", "F"):
        return Value(read, 0.9)
    for letter, word in (("M", "MASCULINO"), ("F", "FEMENINO")):
        if fuzz.partial_ratio(word, read) >= 75 and len(read) >= 6:
            return Value(letter, 0.95)
    return None


def sex_word(text: str) -> Value | None:
    """`MASCULINO` or `FEMENINO`, from the word or the letter."""
    value = sex_letter(text)
    if value is None:
        return None
    return Value("MASCULINO" if value.text == "M" else "FEMENINO", value.certainty)


def marital_letter(text: str) -> Value | None:
    """`S`, `C`, `V` or `D`, from the letter or the word in either gender."""
    read = letters(text)
    if read in _MARITAL:
        return Value(read, 0.9)
    for letter, word in _MARITAL.items():
        if len(read) >= 4 and fuzz.ratio(read[:-1], letters(word)[:-1]) >= 75:
            return Value(letter, 0.95)
    return None


def marital_word(text: str) -> Value | None:
    """`Soltero`, `Casado`, `Viudo` or `Divorciado`, whatever gender the card prints."""
    value = marital_letter(text)
    return Value(_MARITAL[value.text], value.certainty) if value else None


def yes_no(text: str) -> Value | None:
    """`SI` or `NO`."""
    read = letters(text).replace("1", "I").replace("0", "O").replace("L", "I")
    return Value(read, 0.9) if read in ("SI", "NO") else None


def name(text: str) -> Value | None:
    """A person's names in capitals; digits in it are misread letters."""
    read = re.sub(r"[^\w\s'’-]|_", " ", text.upper().translate(_TO_LETTER))
    read = " ".join(read.split()).strip("-' ")
    if sum(c.isalpha() for c in read) < 2 or any(c.isdigit() for c in read) or _is_prose(text):
        return None
    return Value(read, 0.6)


def place(text: str) -> Value | None:
    """A department, province or district in capitals."""
    value = name(re.sub(r"[/|]", " ", text))
    return Value(value.text, value.certainty) if value else None


def region(text: str) -> Value | None:
    """`LIMA/LIMA/LA VICTORIA`; Callao leaves the first part empty."""
    parts = [" ".join(part.upper().split()) for part in re.split(r"[/|\\]", text)]
    if len(letters(text)) < 6 or _is_prose(text):
        return None
    return Value("/".join(parts), 0.9 if len(parts) == 3 else 0.4)


def address(text: str) -> Value | None:
    """One line of an address, in capitals as printed."""
    read = " ".join(text.upper().replace("º", "°").split())  # the sign of a number, as printed
    for lost, stood in _MENDED:
        read = lost.sub(stood, read)
    if sum(c.isalnum() for c in read) < 2 or _is_prose(text):
        return None
    return Value(read, 0.2 if _UNFINISHED.search(read) else 0.5)


def travel_document(text: str) -> Value | None:
    """A passport's number: letters and digits, at least four of them digits."""
    for word in capitals(text).split():
        read = re.sub(r"[^A-Z0-9]", "", word)
        if 5 <= len(read) <= 15 and sum(c.isdigit() for c in read) >= 4:
            return Value(read, 0.7)
    return None


def words(text: str) -> Value | None:
    """One or more words in capitals, accents as read: a nationality, a migratory quality."""
    value = name(text)
    return Value(value.text, value.certainty) if value and len(letters(value.text)) >= 3 else None


KINDS: dict[str, Kind] = {
    kind.__name__: kind
    for kind in (
        address,
        date,
        date_with_month,
        dni_number,
        expiry,
        foreigner_number,
        marital_letter,
        marital_word,
        name,
        numeric_date,
        place,
        region,
        sex_letter,
        sex_word,
        six_digits,
        travel_document,
        ubigeo,
        words,
        yes_no,
    )
}


def _digits(text: str) -> str:
    """The text with letters that stand among digits read as digits."""
    return re.sub(
        r"\S+",
        lambda word: (
            word[0].translate(_TO_DIGIT)
            if sum(c.isdigit() for c in word[0]) * 2 >= len(word[0])
            else word[0]
        ),
        without_accents(text),
    )


def _day(day: int, month: int, year: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day) if 1900 <= year < 2100 else None
    except ValueError:
        return None


def _is_prose(text: str) -> bool:
    """Mixed case: a label, for values are printed in capitals."""
    return sum(c.islower() for c in text) > 0.4 * max(1, sum(c.isalpha() for c in text))
