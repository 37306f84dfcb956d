"""Draws a design with a holder's data: ground, pictures, print; and says where the face is."""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np
import skimage.data
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from specimens import fonts
from specimens.designs import Box, Design, Print, values
from specimens.fonts import Family
from specimens.holders import Holder

WIDTH_PX = 1400
ASPECT = 85.60 / 53.98
_CORNER_RADIUS = 3.18 / 85.60
"""ISO/IEC 7810, relative to the card's width."""
_PORTRAIT_CUT = (110, 0, 340, 280)
"""Head and shoulders in the public-domain portrait of Eileen Collins (NASA)."""
_FACE_IN_PORTRAIT = (0.29, 0.26, 0.44, 0.47)
"""Her face within that cut, forehead to chin and ear to ear: x, y, w, h."""
_CAPITAL_HEIGHT = 0.72
"""Height of a capital letter in em, about the same in every sans serif."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Drawn:
    """A drawn card, flat and clean."""

    image: NDArray[np.uint8]
    """RGB, WIDTH_PX wide."""
    mask: NDArray[np.uint8]
    """255 where the card is: its corners are round."""
    truth: dict[str, object]
    """As in `truth.json`, but for `page`, `card_index`, `corners` and `face`."""
    face: Box | None
    """x, y, w, h, 0..1 of the card."""


@dataclass(frozen=True)
class Look:
    """What varies from print batch to print batch."""

    label: Family
    value: Family
    label_bold: bool
    value_bold: bool
    label_colour: Colour
    value_colour: Colour
    size: float
    shifts: dict[str, tuple[float, float]]

    @staticmethod
    def draw(rng: random.Random, families: list[Family]) -> "Look":
        """A random look from these families."""
        ink = rng.randint(0, 45)
        return Look(
            label=rng.choice(families),
            value=rng.choice(families),
            label_bold=rng.random() < 0.3,
            value_bold=rng.random() < 0.6,
            label_colour=rng.choice(((20, 24, 80), (30, 30, 40), (60, 30, 60), (0, 50, 90))),
            value_colour=(ink, ink, ink),
            size=rng.uniform(0.92, 1.06),
            shifts={c: (rng.uniform(-0.02, 0.03), rng.uniform(-0.012, 0.012)) for c in "abc"},
        )


def render(design: Design, holder: Holder, rng: random.Random, families: list[Family]) -> Drawn:
    """Draw one side of a holder's card."""
    look = Look.draw(rng, families)
    texts = values(holder)
    size = (WIDTH_PX, round(WIDTH_PX / ASPECT))
    card = _ground(design.ground, size, rng)
    canvas = _Canvas(card, look, rng)
    if design.chip:
        canvas.chip(design.chip)
    if design.cells:
        canvas.cells(*design.cells)
    face = canvas.portrait(design.portrait, 1.0) if design.portrait else None
    if design.ghost:
        canvas.portrait(design.ghost, 0.35)
    if design.signature:
        canvas.signature(design.signature)
    canvas.prints(design, texts)
    if design.mrz:
        canvas.mrz(holder.mrz, design.mrz, design.mrz_h)
    if design.vertical:
        canvas.vertical(design.vertical[0].format(**texts), design.vertical[1])
    if design.code39:
        canvas.barcode(holder.number, zxingcpp.BarcodeFormat.Code39, design.code39, turned=True)
    if design.pdf417:
        noise = "".join(rng.choice("0123456789ABCDEF") for _ in range(400))
        canvas.barcode(noise, zxingcpp.BarcodeFormat.PDF417, design.pdf417, turned=False)
    if design.laminate:
        card, face = _laminated(card, face)
    truth: dict[str, object] = {
        "card_type": design.card_type,
        "card_side": design.card_side,
        "layout": design.layout,
        "fields": {name: text.format(**texts) for name, text in design.fields.items()},
        "holder_id": design.holder_id.format(**texts),
        "mrz": list(holder.mrz) if design.mrz else [],
    }
    return Drawn(np.asarray(card), _mask(size), truth, face)


class _Canvas:
    """A card being drawn; boxes are 0..1."""

    def __init__(self, card: Image.Image, look: Look, rng: random.Random) -> None:
        self.card, self.look, self.rng = card, look, rng
        self.pen = ImageDraw.Draw(card)

    def px(self, box: Box) -> tuple[int, int, int, int]:
        """x, y, w, h in px."""
        width, height = self.card.size
        x, y, w, h = box
        return round(x * width), round(y * height), round(w * width), round(h * height)

    def prints(self, design: Design, texts: dict[str, str]) -> None:
        """Every printed text, narrowed where its neighbour or a picture would be overprinted."""
        for item in design.prints:
            text = self.rng.choice(item.text).format(**texts)
            if text:
                dx, dy = self.look.shifts.get(item.column, (0.0, 0.0))
                right = _right_limit(item, design) - 0.008
                self.text(text, item, item.x + dx, item.y + dy, right - item.x)

    def text(self, text: str, item: Print, x: float, y: float, room: float) -> None:
        """One text in its style."""
        look, height = self.look, self.card.size[1]
        small = item.style in ("label", "heading")
        family = look.label if small else look.value
        bold = look.label_bold if small else look.value_bold
        colour = look.label_colour if small else look.value_colour
        if item.style == "accent":
            colour = (120, 40, 30)
        # the measured boxes of labels include their descenders
        capital = item.h * height * look.size * (0.70 if small else 0.86)
        em = round(capital / _CAPITAL_HEIGHT)
        path = family.bold if bold else family.regular
        font = fonts.load(path, em)
        while font.getlength(text) > room * self.card.size[0] and em > 12:
            em -= 1
            font = fonts.load(path, em)
        baseline = y + item.h * (0.78 if small else 1.0)
        at = (x * self.card.size[0], baseline * height)
        self.pen.text(at, text, font=font, fill=colour, anchor="ls")

    def mrz(self, lines: tuple[str, ...], at: tuple[float, ...], h: float) -> None:
        """The zone, letterspaced to the card's width."""
        width, height = self.card.size
        font = fonts.ocr_b(round(h * height * 0.80))
        left, step = 0.035 * width, 0.93 * width / 30
        for line, y in zip(lines, at, strict=True):
            for i, c in enumerate(line):
                self.pen.text(
                    (left + i * step, (y + h) * height),
                    c,
                    font=font,
                    fill=(10, 10, 10),
                    anchor="ls",
                )

    def vertical(self, text: str, box: Box) -> None:
        """A small text running upwards."""
        x, y, w, h = self.px(box)
        strip = Image.new("RGBA", (h, w), (0, 0, 0, 0))
        font = fonts.load(self.look.value.regular, round(w * 0.95))
        ImageDraw.Draw(strip).text((0, 0), text, font=font, fill=(20, 20, 20, 255))
        turned = strip.rotate(90, expand=True)
        self.card.paste(turned, (x, y), turned)

    def portrait(self, box: Box, opacity: float) -> Box:
        """The portrait in its box; gives the face's box."""
        x, y, w, h = self.px(box)
        picture = ImageOps.fit(_portrait(), (w, h), Image.Resampling.LANCZOS)
        cut = _cover(_portrait().size, (w, h))
        fx, fy, fw, fh = (
            (f - o) / s
            for f, o, s in zip(
                _FACE_IN_PORTRAIT, (cut[0], cut[1], 0, 0), (cut[2], cut[3]) * 2, strict=True
            )
        )
        if self.rng.random() < 0.5:
            picture, fx = ImageOps.mirror(picture), 1 - fx - fw
        if self.rng.random() < 0.4 or opacity < 1:
            picture = ImageOps.grayscale(picture).convert("RGB")
        under = self.card.crop((x, y, x + w, y + h))
        self.card.paste(Image.blend(under, picture, opacity), (x, y))
        bx, by, bw, bh = box
        return bx + fx * bw, by + fy * bh, fw * bw, fh * bh  # fmt: skip

    def chip(self, box: Box) -> None:
        x, y, w, h = self.px(box)
        self.pen.rounded_rectangle((x, y, x + w, y + h), h // 8, (205, 175, 90), (120, 100, 50), 3)
        for i in (1, 2):
            self.pen.line((x, y + h * i // 3, x + w, y + h * i // 3), (120, 100, 50), 3)
        self.pen.line((x + w // 2, y, x + w // 2, y + h), (120, 100, 50), 3)

    def signature(self, box: Box) -> None:
        x, y, w, h = self.px(box)
        points = [
            (x + w * i / 14, y + h * (0.5 + 0.45 * self.rng.uniform(-1, 1))) for i in range(15)
        ]
        self.pen.line(points, (30, 30, 70), 3, joint="curve")

    def cells(self, box: Box, columns: int, rows: int) -> None:
        """Voting cells, some under a sticker."""
        x, y, w, h = self.px(box)
        font = fonts.load(self.look.label.regular, round(w / columns / 17))
        for row in range(rows):
            for column in range(columns):
                left, top = x + w * column // columns, y + h * row // rows
                right, bottom = x + w * (column + 1) // columns, y + h * (row + 1) // rows
                self.pen.rectangle((left, top, right, bottom), None, (70, 90, 110), 2)
                self.pen.text(
                    (left + 8, top + 6), "CONSTANCIA DE SUFRAGIO", font=font,
                    fill=self.look.label_colour,
                )  # fmt: skip
                if self.rng.random() < 0.3:
                    sticker = (left + 12, top + h // rows // 3, right - 14, bottom - 6)
                    self.pen.rectangle(sticker, (235, 232, 225), (150, 150, 150))
                    text = f"{self.rng.randint(1000, 9999)} ONPE 20{self.rng.randint(10, 22)}"
                    self.pen.text(sticker[:2], text, font=font, fill=(60, 60, 60))

    def barcode(self, text: str, form: zxingcpp.BarcodeFormat, box: Box, *, turned: bool) -> None:
        x, y, w, h = self.px(box)
        code = np.array(zxingcpp.create_barcode(text, form).to_image(scale=2, add_hrt=False))
        picture = Image.fromarray(code).convert("L")
        if turned:
            picture = picture.rotate(90, expand=True)
        self.card.paste(picture.resize((w, h), Image.Resampling.BOX).convert("RGB"), (x, y))


def _right_limit(item: Print, design: Design) -> float:
    """Where a text must end: at the next print of its row, a picture, or the card's edge."""
    limit = 0.985
    for other in design.prints:
        level = abs(other.y + other.h / 2 - item.y - item.h / 2) < 0.5 * max(other.h, item.h)
        if level and other.x > item.x:
            limit = min(limit, other.x)
    for box in (design.portrait, design.ghost, design.code39, design.chip):
        if box and box[0] > item.x and box[1] - 0.01 < item.y + item.h / 2 < box[1] + box[3]:
            limit = min(limit, box[0])
    return limit


@cache
def _portrait() -> Image.Image:
    return Image.fromarray(skimage.data.astronaut()).crop(_PORTRAIT_CUT)


def _cover(size: tuple[int, int], target: tuple[int, int]) -> Box:
    """The part of a picture, 0..1, that fills a target when fitted to it about its centre."""
    scale = max(target[0] / size[0], target[1] / size[1])
    w, h = target[0] / scale / size[0], target[1] / scale / size[1]
    return (1 - w) / 2, (1 - h) / 2, w, h


def _ground(kind: str, size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Security print: a soft gradient with fine lines or waves."""
    width, height = size
    base = {
        "cyan": ((232, 244, 248), (214, 234, 242)),
        "teal": ((150, 205, 215), (185, 222, 225)),
        "yellow": ((238, 222, 150), (245, 235, 185)),
        "assorted": rng.choice((
            ((226, 232, 214), (240, 236, 220)), ((228, 220, 236), (240, 232, 244)),
            ((210, 226, 240), (236, 240, 246)), ((244, 226, 214), (248, 240, 230)),
        )),
    }["yellow" if kind == "teal" and rng.random() < 0.15 else kind]  # fmt: skip
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    share = ((x / width + y / height) / 2)[..., None]
    field = np.array(base[0]) * (1 - share) + np.array(base[1]) * share
    period, swing = rng.uniform(7, 16), rng.uniform(0, 26)
    phase = x * rng.uniform(-0.6, 0.6) + y + swing * np.sin(x / rng.uniform(40, 120))
    lines = 0.5 + 0.5 * np.sin(2 * np.pi * phase / period)
    strength = rng.uniform(4, 16)
    field = field - (strength * lines)[..., None] * np.array([1.0, 0.7, 0.5])
    card = Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(card, "RGBA")
    for _ in range(2):  # a shield and a sun, pale
        cx, cy, r = rng.uniform(0.3, 0.9) * width, rng.uniform(0.3, 0.8) * height, 0.09 * width
        pen.ellipse((cx - r, cy - r, cx + r, cy + r), (200, 120, 120, 22), (160, 90, 90, 40), 3)
    return card


def _laminated(card: Image.Image, face: Box | None) -> tuple[Image.Image, Box | None]:
    """The printed area inside its laminate: X = .025 + .941x, Y = .0325 + .929y."""
    width, height = card.size
    outer = Image.new("RGB", card.size, (236, 240, 240))
    inner = card.resize((round(0.941 * width), round(0.929 * height)), Image.Resampling.LANCZOS)
    outer.paste(inner, (round(0.025 * width), round(0.0325 * height)))
    if face:
        x, y, w, h = face
        face = (0.025 + 0.941 * x, 0.0325 + 0.929 * y, 0.941 * w, 0.929 * h)
    return outer, face


def _mask(size: tuple[int, int]) -> NDArray[np.uint8]:
    mask = Image.new("L", size, 0)
    radius = round(_CORNER_RADIUS * size[0])
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, 255)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(1)))
