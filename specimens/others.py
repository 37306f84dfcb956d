"""Pictures without a card of ours: what a backlog holds by mistake."""

import random
from collections.abc import Callable

import numpy as np
import skimage.data
from PIL import Image, ImageDraw

from specimens import fonts, optics
from specimens.captures import Capture, encoded
from specimens.fonts import Family
from specimens.surfaces import Picture, paper, typed_page

_A4_AT_100_DPI = (827, 1169)


def blank(rng: random.Random, families: list[Family]) -> Capture:
    """An empty sheet."""
    return _file(optics.noisy(paper(_A4_AT_100_DPI, rng), rng, 2))


def letter(rng: random.Random, families: list[Family]) -> Capture:
    """A page of text, which names the words that cards print."""
    return _file(typed_page((1240, 1754), rng.choice(families), rng))


def receipt(rng: random.Random, families: list[Family]) -> Capture:
    """A till receipt."""
    page = Image.new("RGB", (520, 1100), (246, 244, 238))
    pen, font = ImageDraw.Draw(page), fonts.load(rng.choice(families).regular, 24)
    for line in range(26):
        item = rng.choice(("ARROZ EXTRA", "LECHE EVAP", "PAN FRANCÉS", "IGV", "TOTAL", "RUC"))
        pen.text((30, 40 + 38 * line), item, font=font, fill=(50, 50, 50))
        amount = f"{rng.uniform(1, 99):.2f}"
        pen.text((490, 40 + 38 * line), amount, font=font, fill=(50, 50, 50), anchor="ra")
    return _file(np.asarray(page))


def portrait(rng: random.Random, families: list[Family]) -> Capture:
    """A photo of a person."""
    return _file(optics.lit(skimage.data.astronaut(), rng, 0.2))


def foreign_card(rng: random.Random, families: list[Family]) -> Capture:
    """A made-up country's identity card, often in Spanish and with the labels of ours."""
    family = rng.choice(families)
    label, value = fonts.load(family.regular, 22), fonts.load(family.bold, 30)
    card = Image.new("RGB", (1000, 630), tuple(rng.randint(205, 245) for _ in range(3)))
    pen = ImageDraw.Draw(card)
    pen.text((320, 30), rng.choice(_STATES), font=label, fill=(60, 0, 40))
    card.paste(Image.fromarray(skimage.data.astronaut()).crop((110, 0, 340, 280)), (40, 140))
    for i, (name, text) in enumerate(rng.sample(_PRINTED, rng.randint(4, 6))):
        pen.text((320, 110 + 82 * i), name, font=label, fill=(90, 40, 70))
        pen.text((320, 136 + 82 * i), text, font=value, fill=(20, 20, 20))
    if rng.random() < 0.4:
        zone = ("I<ARD4471203<8<<<<<<<<<<<<<<<<", "8005125F3105120ARD<<<<<<<<<<<4")
        for i, row in enumerate(zone):
            pen.text((40, 530 + 46 * i), row, font=fonts.ocr_b(44), fill=(20, 20, 20))
    return _file(np.asarray(card))


def bank_card(rng: random.Random, families: list[Family]) -> Capture:
    """A plastic card of another kind."""
    card = Image.new("RGB", (1000, 630), tuple(rng.randint(20, 140) for _ in range(3)))
    pen, family = ImageDraw.Draw(card), rng.choice(families)
    number = " ".join(f"{rng.randrange(10_000):04d}" for _ in range(4))
    texts = (("BANCO DE ARIDANIA", 60, 44), (number, 330, 64), ("VÁLIDA HASTA 08/29", 430, 30),
             ("ADELA MONTERO S", 520, 40))  # fmt: skip
    for text, y, em in texts:
        pen.text((70, y), text, font=fonts.load(family.bold, em), fill=(240, 240, 235))
    return _file(np.asarray(card))


def form(rng: random.Random, families: list[Family]) -> Capture:
    """A form that asks for what cards print, filled in."""
    page = Image.new("RGB", (1240, 1754), "white")
    pen, family = ImageDraw.Draw(page), rng.choice(families)
    label, value = fonts.load(family.regular, 24), fonts.load(family.bold, 28)
    pen.text((120, 80), "SOLICITUD DE APERTURA DE CUENTA", font=value, fill="black")
    for i, (name, text) in enumerate(rng.sample(_PRINTED, len(_PRINTED)) * 2):
        y = 170 + 90 * i
        pen.rectangle((110, y, 1130, y + 78), None, (90, 90, 90), 2)
        pen.text((120, y + 4), name, font=label, fill=(60, 60, 60))
        pen.text((120, y + 38), text, font=value, fill=(20, 20, 90))
    return _file(np.asarray(page))


_STATES = (
    "REPÚBLICA DE ARIDANIA · CÉDULA DE CIUDADANÍA", "ESTADO DE MERIDIA - DOCUMENTO DE IDENTIDAD",
    "REPUBLIC OF NORLAND · IDENTITY CARD", "REPÚBLICA DE ARIDANIA - LICENCIA DE CONDUCIR",
)  # fmt: skip
_PRINTED = (
    ("Apellidos", "MONTERO SALAS"),
    ("Nombres", "ADELA"),
    ("Nacionalidad", "ARIDANA"),
    ("Fecha de nacimiento", "12 MAY 1980"),
    ("Sexo", "F"),
    ("Válida hasta", "12 MAY 2031"),
    ("Estado Civil", "SOLTERA"),
    ("Dirección", "CALLE DEL PUERTO 18"),
)

OTHERS: dict[str, tuple[Callable[[random.Random, list[Family]], Capture], ...]] = {
    "blank": (blank,),
    "other": (letter, receipt, portrait, foreign_card, bank_card, form),
}


def _file(page: Picture) -> Capture:
    return Capture(encoded(page, "JPEG", quality=88), ".jpg", [])
