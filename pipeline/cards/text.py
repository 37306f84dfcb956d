"""Spanish capitals, with and without their accents."""

import unicodedata
from functools import lru_cache

_TILDE = "\N{COMBINING TILDE}"


def without_accents(text: str) -> str:
    """The text without accents; the tilde of Ñ stays, for Ñ is a letter of its own."""
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(c for c in decomposed if c == _TILDE or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


def capitals(text: str) -> str:
    """Upper case without accents, Ñ kept, blanks collapsed: how these cards print names."""
    return " ".join(without_accents(text.upper()).split())


@lru_cache(maxsize=16_384)
def letters(text: str) -> str:
    """Capitals and digits alone, Ñ as N: for comparing what two readings or spellings share."""
    return "".join(c for c in capitals(text).replace("Ñ", "N") if c.isascii() and c.isalnum())
