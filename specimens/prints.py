"""What a card prints, as data.

Coordinates are 0..1 of the card, origin top left. Texts are templates over `values(holder)`; where
several are given, one is drawn at random for each card.
"""

import datetime
from dataclasses import asdict, dataclass

from specimens.holders import Holder

_MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "", "OCT", "NOV", "DIC")
"""September is abbreviated in two ways: see `Holder`."""

Box = tuple[float, float, float, float]
"""x, y, w, h."""
At = tuple[float, float, float]
"""x, y and the height of the printed line's box."""


@dataclass(frozen=True)
class Print:
    """One printed text."""

    text: tuple[str, ...]
    x: float
    y: float
    h: float
    style: str = "value"
    """`label`, `heading`, `value`, `red` (a value), `red_label`, `brown` (a number) or `faint`."""
    column: str = ""
    """Prints of a column shift together from batch to batch."""
    width: float = 0.0
    """Room of its own; by default all up to the next print of its row."""
    pitch: float = 0.0
    """Distance of a second line, onto which a long text wraps; by default it is set smaller."""


@dataclass(frozen=True)
class Design:
    """One side of one generation of card."""

    layout: str
    card_type: str
    card_side: str
    ground: str
    """`cyan`, `teal`, `yellow` or `assorted`."""
    prints: tuple[Print, ...]
    fields: dict[str, str]
    """Truth: a template over `values(holder)` for each field of the table."""
    portrait: Box | None = None
    ghost: Box | None = None
    chip: Box | None = None
    signature: Box | None = None
    fingerprint: Box | None = None
    cells: tuple[Box, int, int] | None = None
    """Grid of voting cells: box, columns, rows."""
    mrz: tuple[float, ...] | None = None
    """Vertical positions of the three lines."""
    mrz_h: float = 0.054
    code39: Box | None = None
    pdf417: Box | None = None
    vertical: tuple[str, Box] | None = None
    """A text that runs upwards."""
    laminate: bool = False
    """The print ends short of the card's edge."""
    holder_id: str = "{number}"
    issued_in: tuple[int, int] = (2010, 2024)
    """First and last year of issue."""


def pair(
    label: str | tuple[str, ...],
    text: str | tuple[str, ...],
    at: At,
    value_at: At,
    column: str = "",
    style: str = "value",
    pitch: float = 0.0,
) -> tuple[Print, Print]:
    """A label and its value; a red value's label is red."""
    labels = (label,) if isinstance(label, str) else label
    texts = (text,) if isinstance(text, str) else text
    kind = "red_label" if style == "red" else "label"
    return Print(labels, *at, kind, column), Print(texts, *value_at, style, column, pitch=pitch)


def values(holder: Holder) -> dict[str, str]:
    """Everything a template may name."""
    texts: dict[str, str] = {
        "sex_word": holder.sex_word,
        "marital_word": holder.marital_word,
        "marital_neutral": holder.marital_neutral,
        "region": holder.region,
        "surnames": f"{holder.first_surname} {holder.second_surname}".strip(),
    }
    for name, value in asdict(holder).items():
        if isinstance(value, datetime.date):
            texts[name] = f"{value:%d %m %Y}"
            texts[f"{name}_slashed"] = f"{value:%d/%m/%Y}"
            texts[f"{name}_dashed"] = f"{value:%d-%m-%Y}"
            month = _MONTHS[value.month - 1] or holder.september
            texts[f"{name}_month"] = f"{value:%d} {month} {value:%Y}"
        else:
            texts[name] = value or ""
    if holder.expires is None:
        texts |= {"expires": "NO CADUCA", "expires_slashed": "NO CADUCA"}
    return texts
