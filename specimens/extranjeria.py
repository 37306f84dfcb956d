"""The foreigner's card in one of many arrangements: no two models agree on places."""

import random
from dataclasses import dataclass

from specimens.prints import Design, Print

_TOP, _BOTTOM = 0.275, 0.965


@dataclass(frozen=True)
class _Item:
    """A label in Spanish and English, and the value."""

    spanish: tuple[str, ...]
    english: str
    text: str
    fields: tuple[str, ...]
    wide: bool = False
    """Wants a row of its own."""
    share: float = 1.0
    """How many of the models print it."""


_ITEMS = (
    _Item(("Apellidos",), "Surname", "{foreign_surnames}", ("surname",), wide=True),
    _Item(("Nombres",), "Given Names", "{given_names}", ("given_name",), wide=True),
    _Item(("Nacionalidad",), "Nationality", "{nationality}", ("nationality",)),
    _Item(("Fecha de Nacimiento", "Fecha Nac.", "Fec. Nacimiento"), "Date of Birth",
          "{birth_month}", ("birthday", "birthday_s")),
    _Item(("Sexo",), "Sex", "{sex}", ("gender", "gender_s")),
    _Item(("Estado Civil",), "Marital Status", "{marital}", ("marriage",), share=0.9),
    _Item(("Doc. de Viaje", "Documento de Viaje", "N° Documento"), "Travel Document", "{passport}",
          ("document_number",), share=0.85),
    _Item(("Calidad Migratoria",), "Migratory Status", "{migratory_quality}",
          ("migratory_quality",), share=0.93),
    _Item(("Fecha de Emisión", "Emisión", "Fecha Emisión"), "Date of Issue", "{issued_month}",
          ("issue_date", "issue_date_s")),
    _Item(("Fecha de Caducidad", "Caducidad", "Fecha Caducidad"), "Date of Expiry",
          "{resident_until_month}", ("expiry_date", "expiry_date_s")),
)  # fmt: skip


def carne_extranjeria(rng: random.Random) -> Design:
    """A model of the card: photo left or right, labels above or before their values."""
    photo_left = rng.random() < 0.75
    left, right = (0.30, 0.97) if photo_left else (0.04, 0.71)
    absent = tuple(item for item in _ITEMS if rng.random() > item.share)
    items = [item for item in _ITEMS if item not in absent]
    prints = _header(rng, left, right)
    arrange = rng.choices((_above, _inline), (7, 3))[0]
    prints += arrange(items, rng, left, right)
    return Design(
        layout="carne_extranjeria",
        card_type="ALIEN",
        card_side="front",
        ground="assorted",
        prints=tuple(prints),
        fields=_fields(absent),
        portrait=(0.03, 0.25, 0.24, 0.48) if photo_left else (0.73, 0.25, 0.24, 0.48),
        ghost=rng.choice((None, (0.855, 0.045, 0.095, 0.165) if photo_left else None)),
        signature=(0.05, 0.77, 0.18, 0.14) if photo_left else (0.76, 0.77, 0.18, 0.14),
        holder_id="{foreigner_number}",
        issued_in=(2012, 2024),
    )


def _fields(absent: tuple[_Item, ...]) -> dict[str, str]:
    texts = {
        "id_number": "{foreigner_number}", "document_number": "{passport}",
        "surname": "{foreign_surnames}", "given_name": "{given_names}", "gender": "{sex}",
        "gender_s": "{sex}", "marriage": "{marital}", "birthday": "{birth_month}",
        "birthday_s": "{birth_dashed}", "issue_date": "{issued_month}",
        "issue_date_s": "{issued_dashed}", "expiry_date": "{resident_until_month}",
        "expiry_date_s": "{resident_until_dashed}", "nationality": "{nationality}",
        "migratory_quality": "{migratory_quality}",
    }  # fmt: skip
    return texts | {name: "" for item in absent for name in item.fields}


def _header(rng: random.Random, left: float, right: float) -> list[Print]:
    """The state, the office, the card's name and its number."""
    office = rng.choice(
        ("MIGRACIONES", "SUPERINTENDENCIA NACIONAL DE MIGRACIONES", "DIGEMIN - MIGRACIONES")
    )
    title = rng.choice(("CARNÉ DE EXTRANJERÍA", "CARNE DE EXTRANJERIA", "CARNET DE EXTRANJERÍA"))
    sign = rng.choice(("N°", "Nº", "N°", "No."))
    from_edge = rng.random() < 0.5
    start = 0.04 if from_edge else left
    beside = rng.random() < 0.5
    x, y = (start + 0.43, 0.142) if beside else (left, 0.205)
    return [
        Print(("REPÚBLICA DEL PERÚ",), start, 0.040, 0.042, "heading", width=0.40),
        Print((office,), start, 0.092, 0.034, "heading", width=0.54),
        Print((title,), start, 0.142, 0.044, "heading", width=0.40),
        Print((sign,), x, y, 0.042, "label", "n"),
        Print(("{foreigner_number}",), x + 0.06, y, 0.042, "value", "n", width=0.24),
    ]


def _above(items: list[_Item], rng: random.Random, left: float, right: float) -> list[Print]:
    """Labels above values, in two columns but for what is long."""
    english = rng.random() < 0.45
    upper = rng.random() < 0.15
    middle = left + rng.uniform(0.50, 0.53) * (right - left)
    prints = []
    rows = _rows(items)
    step = (_BOTTOM - _TOP) / len(rows)
    for number, row in enumerate(rows):
        y = _TOP + number * step
        for item, x, end, column in zip(row, (left, middle), (middle, right), "bc", strict=False):
            end = right if len(row) == 1 else end - 0.01
            label = _label(item, rng, english, upper)
            prints += [
                Print((label,), x, y, 0.028, "label", column, width=end - x),
                Print((item.text,), x, y + 0.040, 0.037, "value", column, width=end - x),
            ]
    return prints


def _inline(items: list[_Item], rng: random.Random, left: float, right: float) -> list[Print]:
    """`Label: value`, one to a line."""
    step = (_BOTTOM - _TOP) / len(items)
    tab = rng.choice((0.0, 0.22))
    prints = []
    for number, item in enumerate(items):
        y = _TOP + number * step
        label = f"{item.spanish[0]}:"
        x = left + (tab or 0.025 + 0.0115 * len(label))
        prints += [
            Print((label,), left, y + 0.004, 0.034, "label", "b", width=x - left - 0.012),
            Print((item.text,), x, y, 0.037, "value", "b", width=right - x),
        ]
    return prints


def _rows(items: list[_Item]) -> list[list[_Item]]:
    """What is wide alone, the rest in pairs."""
    rows: list[list[_Item]] = []
    for item in items:
        if rows and not item.wide and len(rows[-1]) == 1 and not rows[-1][0].wide:
            rows[-1].append(item)
        else:
            rows.append([item])
    return rows


def _label(item: _Item, rng: random.Random, english: bool, upper: bool) -> str:
    label = rng.choice(item.spanish)
    if english:
        label = f"{label}{rng.choice((' / ', '/'))}{item.english}"
    return label.upper() if upper else label
