"""Pictures without a card of ours: what a backlog holds by mistake."""

import random
from collections.abc import Callable

import numpy as np
import skimage.data
from PIL import Image, ImageDraw

from specimens import fonts
from specimens.captures import Capture, encoded
from specimens.fonts import Family


def blank(rng: random.Random, families: list[Family]) -> Capture:
    """An empty sheet."""
    grey = rng.randint(235, 255)
    noise = np.random.default_rng(rng.getrandbits(32)).normal(0, 2, (1170, 827, 3))
    return _file(Image.fromarray(np.clip(grey + noise, 0, 255).astype(np.uint8)))


def letter(rng: random.Random, families: list[Family]) -> Capture:
    """A page of text, which names the words that cards print."""
    page = Image.new("RGB", (1240, 1754), "white")
    pen, font = ImageDraw.Draw(page), fonts.load(rng.choice(families).regular, 26)
    words = """solicito a usted la renovación del documento nacional de identidad adjunto copia
    fecha de nacimiento dirección distrito provincia firma sello expediente oficina""".split()
    for line in range(rng.randint(18, 46)):
        pen.text(
            (120, 140 + line * 34), " ".join(rng.choices(words, k=10)), font=font, fill="black"
        )
    return _file(page)


def receipt(rng: random.Random, families: list[Family]) -> Capture:
    """A till receipt."""
    page = Image.new("RGB", (520, 1100), (246, 244, 238))
    pen, font = ImageDraw.Draw(page), fonts.load(rng.choice(families).regular, 24)
    for line in range(26):
        item = rng.choice(("ARROZ EXTRA", "LECHE EVAP", "PAN FRANCÉS", "IGV", "TOTAL", "RUC"))
        pen.text(
            (30, 40 + 38 * line), f"{item:<14}{rng.uniform(1, 99):8.2f}", font=font, fill=(50,) * 3
        )
    return _file(page)


def portrait(rng: random.Random, families: list[Family]) -> Capture:
    """A photo of a person."""
    return _file(Image.fromarray(skimage.data.astronaut()))


def foreign_card(rng: random.Random, families: list[Family]) -> Capture:
    """A made-up country's identity card."""
    card = Image.new("RGB", (1000, 630), (238, 226, 232))
    pen = ImageDraw.Draw(card)
    family = rng.choice(families)
    label, value = fonts.load(family.regular, 22), fonts.load(family.bold, 30)
    pen.text(
        (320, 30), "REPÚBLICA DE ARIDANIA · CÉDULA DE CIUDADANÍA", font=label, fill=(60, 0, 40)
    )
    card.paste(Image.fromarray(skimage.data.astronaut()).crop((110, 0, 340, 280)), (40, 140))
    texts = (
        ("Apellidos", "MONTERO SALAS"),
        ("Nombres", "ADELA"),
        ("Nacionalidad", "ARIDANA"),
        ("Fecha de nacimiento", "12 MAY 1980"),
        ("Sexo", "F"),
        ("Válida hasta", "12 MAY 2031"),
    )
    for i, (name, text) in enumerate(texts):
        pen.text((320, 110 + 82 * i), name, font=label, fill=(90, 40, 70))
        pen.text((320, 136 + 82 * i), text, font=value, fill=(20, 20, 20))
    return _file(card)


OTHERS: tuple[Callable[[random.Random, list[Family]], Capture], ...] = (
    blank, letter, receipt, portrait, foreign_card,
)  # fmt: skip


def _file(page: Image.Image) -> Capture:
    return Capture(encoded(np.asarray(page), "JPEG", quality=88), ".jpg", [])
