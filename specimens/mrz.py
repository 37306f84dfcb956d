"""The machine-readable zone as the DNI prints it: ICAO 9303 TD1, three lines of 30 characters."""

import datetime
import unicodedata

LENGTH = 30
_WEIGHTS = (7, 3, 1)


def check_digit(text: str) -> str:
    """Weighted sum modulo 10 over digits, letters (A = 10) and fillers (0)."""
    values = [0 if c == "<" else int(c, 36) for c in text]
    return str(sum(v * _WEIGHTS[i % 3] for i, v in enumerate(values)) % 10)


def lines(
    number: str,
    birth: datetime.date,
    sex: str,
    expiry: datetime.date | None,
    first_surname: str,
    given_names: str,
    enye: str = "NXX",
) -> tuple[str, str, str]:
    """The three lines; an expiry of None is printed as `000101`, an Ñ as `enye`."""
    upper = f"I<PER{number}<{check_digit(number + '<')}".ljust(LENGTH, "<")
    born = f"{birth:%y%m%d}"
    expires = f"{expiry:%y%m%d}" if expiry else "000101"
    middle = f"{born}{check_digit(born)}{sex}{expires}{check_digit(expires)}PER".ljust(29, "<")
    composite = upper[5:30] + middle[0:7] + middle[8:15] + middle[18:29]
    names = f"{_transliterated(first_surname, enye)}<<{_transliterated(given_names, enye)}"
    return upper, middle + check_digit(composite), names[:LENGTH].ljust(LENGTH, "<")


def _transliterated(name: str, enye: str) -> str:
    """Blanks as fillers; accents and apostrophes dropped (ICAO 9303-3, section 6)."""
    plain = unicodedata.normalize("NFD", name.replace("Ñ", enye).replace("'", ""))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace(" ", "<")
