"""A card being drawn: texts, pictures, codes. Boxes are 0..1 of it."""

import random
from dataclasses import dataclass

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from specimens import fonts
from specimens.fonts import Family
from specimens.ground import Colour
from specimens.portrait import Portrait, ghost
from specimens.prints import Box, Print

_CAPITAL_HEIGHT = 0.72
"""Height of a capital letter in em, about the same in every sans serif."""
_SMALLEST_EM = 12
_LABELS = ("label", "red_label", "heading")
_MARGIN = 0.008
_STICKERS = ("ONPE", "EG {}", "ERM {}", "2DA VUELTA {}", "JNE DISPENSA", "MULTA PAGADA", "CPR {}")


@dataclass(frozen=True)
class Look:
    """What varies from print batch to print batch."""

    label: Family
    value: Family
    label_bold: bool
    value_bold: bool
    colours: dict[str, Colour]
    size: float

    @staticmethod
    def draw(rng: random.Random, families: list[Family]) -> "Look":
        """A random look from these families."""
        ink = rng.randint(0, 50)
        label = rng.choice(((20, 24, 80), (30, 30, 40), (60, 30, 60), (0, 50, 90), (20, 60, 70)))
        return Look(
            label=rng.choice(families),
            value=rng.choice(families),
            label_bold=rng.random() < 0.3,
            value_bold=rng.random() < 0.6,
            colours={
                "label": label,
                "heading": rng.choice((label, (20, 30, 60), (110, 20, 30))),
                "value": (ink, ink, min(ink + rng.choice((0, 0, 25)), 70)),
                "faint": (60, 60, 75),
                "red": (125, 35, 30),
                "red_label": (165, 30, 35),
                "brown": (120, 40, 30),
            },
            size=rng.uniform(0.90, 1.06),
        )


class Canvas:
    """Draws onto a card."""

    def __init__(self, card: Image.Image, look: Look, rng: random.Random) -> None:
        self.card, self.look, self.rng = card, look, rng
        self.pen = ImageDraw.Draw(card)

    def px(self, box: Box) -> tuple[int, int, int, int]:
        """x, y, w, h in px."""
        width, height = self.card.size
        x, y, w, h = box
        return round(x * width), round(y * height), round(w * width), round(h * height)

    def text(self, text: str, item: Print, x: float, y: float, end: float) -> None:
        """One text from x to `end` at most: wrapped if it may be, else smaller if it must be."""
        look, (width, height) = self.look, self.card.size
        small = item.style in _LABELS
        family = look.label if small else look.value
        bold = (look.label_bold or item.style == "heading") if small else look.value_bold
        path = family.bold if bold else family.regular
        # the measured boxes of labels include their descenders
        capital = item.h * height * look.size * (0.70 if small else 0.88)
        em = round(capital / _CAPITAL_HEIGHT)
        room = (end - x) * width
        lines = _wrapped(text, fonts.load(path, em), room) if item.pitch else [text]
        while em > _SMALLEST_EM and max(map(fonts.load(path, em).getlength, lines)) > room:
            em -= 1
        baseline = y + item.h * (0.78 if small else 1.0)
        for number, line in enumerate(lines):
            at = (x * width, (baseline + number * item.pitch) * height)
            font, ink = fonts.load(path, em), look.colours[item.style]
            self.pen.text(at, line, font=font, fill=ink, anchor="ls")

    def mrz(self, lines: tuple[str, ...], at: tuple[float, ...], h: float) -> None:
        """The zone, letterspaced to the card's width."""
        width, height = self.card.size
        font = fonts.ocr_b(round(h * height * self.rng.uniform(0.80, 0.92)))
        left = self.rng.uniform(0.028, 0.042) * width
        step = self.rng.uniform(0.915, 0.935) * width / 30
        for line, y in zip(lines, at, strict=True):
            for i, c in enumerate(line):
                spot = (left + i * step, (y + h) * height)
                self.pen.text(spot, c, font=font, fill=(15, 15, 15), anchor="ls")

    def vertical(self, text: str, box: Box) -> None:
        """A small text running upwards in its box, on a pale strip."""
        x, y, w, h = self.px(box)
        strip = Image.new("RGBA", (h, w), (255, 255, 255, 90))
        font = fonts.load(self.look.value.regular, round(w * 0.95))
        ImageDraw.Draw(strip).text((h // 2, w // 2), text, (20, 20, 20, 255), font, anchor="mm")
        turned = strip.rotate(90, expand=True)
        self.card.paste(turned, (x, y), turned)

    def portrait(self, portrait: Portrait, box: Box) -> Box:
        """The portrait in its box; gives the face's box."""
        x, y, w, h = self.px(box)
        self.card.paste(portrait.picture.resize((w, h), Image.Resampling.LANCZOS), (x, y))
        fx, fy, fw, fh = portrait.face
        return box[0] + fx * box[2], box[1] + fy * box[3], fw * box[2], fh * box[3]

    def ghost(self, portrait: Portrait, box: Box) -> None:
        """The portrait's pale repetition, as much of it as its box shows."""
        x, y, w, h = self.px(box)
        under = self.card.crop((x, y, x + w, y + h))
        picture = ghost(portrait).resize((w, h), Image.Resampling.LANCZOS)
        self.card.paste(Image.blend(under, picture, self.rng.uniform(0.25, 0.45)), (x, y))

    def chip(self, box: Box) -> None:
        """Contacts."""
        x, y, w, h = self.px(box)
        gold = self.rng.choice(((205, 175, 90), (214, 190, 120), (190, 190, 185)))
        line = (120, 100, 50)
        self.pen.rounded_rectangle((x, y, x + w, y + h), h // 8, gold, line, 3)
        self.pen.rounded_rectangle(
            (x + w // 3, y + h // 5, x + 2 * w // 3, y + 4 * h // 5), h // 10, gold, line, 3
        )
        for i in (1, 2, 3):
            for left, right in ((x, x + w // 3), (x + 2 * w // 3, x + w)):
                self.pen.line((left, y + h * i // 4, right, y + h * i // 4), line, 3)

    def signature(self, box: Box) -> None:
        """A scribble."""
        x, y, w, h = self.px(box)
        t = np.linspace(0, 1, 160)
        high = self.rng.uniform(4, 8), self.rng.uniform(9, 15)
        loops = 0.10 * np.sin(2 * np.pi * self.rng.uniform(3, 6) * t + self.rng.random() * 6)
        wave = sum(np.sin(2 * np.pi * f * t + self.rng.random() * 6) for f in high)
        px = x + w * np.clip(0.08 + 0.84 * t + loops, 0, 1)
        py = y + h * (0.5 + 0.24 * wave * (1.1 - 0.6 * t))
        ink = self.rng.choice(((30, 30, 70), (20, 20, 20), (50, 50, 120)))
        self.pen.line(list(zip(px.tolist(), py.tolist(), strict=True)), ink, 3, joint="curve")

    def fingerprint(self, box: Box) -> None:
        """Ridges in an oval."""
        x, y, w, h = self.px(box)
        v, u = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
        bend = self.rng.uniform(-0.5, 0.5)
        rings = np.hypot(u + 0.25 * np.sin(2 * v + bend), 0.8 * (v + bend * u * u))
        ridges = (np.sin(rings * self.rng.uniform(75, 100)) > 0.1) & (u**2 + v**2 < 0.92)
        mask = Image.fromarray((ridges * 120).astype(np.uint8))
        self.card.paste((60, 60, 70), (x, y), mask)

    def cells(self, box: Box, columns: int, rows: int) -> None:
        """Voting cells, some under a sticker that may lie askew but stays in the grid."""
        x, y, w, h = self.px(box)
        cell_w, cell_h = w / columns, h / rows
        font = fonts.load(self.look.label.regular, round(cell_w / 17))
        caption = self.rng.choice(("CONSTANCIA DE SUFRAGIO", "Constancia de Sufragio"))
        used = self.rng.choice((0.0, 0.3, 0.3, 0.8))
        for i in range(columns * rows):
            left, top = x + cell_w * (i % columns), y + cell_h * (i // columns)
            frame = (left, top, left + cell_w, top + cell_h)
            self.pen.rectangle(frame, None, (70, 90, 110), 2)
            ink = self.look.colours["label"]
            self.pen.text((left + 8, top + 5), caption, font=font, fill=ink)
            if self.rng.random() < used:
                self._sticker((left, top), (cell_w, cell_h), font)

    def _sticker(
        self, corner: tuple[float, float], cell: tuple[float, float], font: ImageFont.FreeTypeFont
    ) -> None:
        w, h = round(cell[0] * self.rng.uniform(0.75, 0.92)), round(cell[1] * 0.62)
        sticker = Image.new("RGBA", (w, h), self.rng.choice(((238, 235, 228), (215, 225, 235))))
        text = self.rng.choice(_STICKERS).format(self.rng.randint(2006, 2022))
        pen = ImageDraw.Draw(sticker)
        pen.text((8, 4), text, font=font, fill=(60, 60, 60))
        pen.text((8, h // 2), f"{self.rng.randint(0, 999_999):06d}", font=font, fill=(70, 70, 70))
        turned = sticker.rotate(self.rng.uniform(-3, 3), expand=True)
        at = round(corner[0] + (cell[0] - w) / 2), round(corner[1] + cell[1] * 0.28)
        self.card.paste(turned, at, turned)

    def code39(self, text: str, box: Box) -> None:
        """A linear code running upwards."""
        self._code(text, zxingcpp.BarcodeFormat.Code39, box, turned=True)

    def pdf417(self, box: Box) -> None:
        """A stack of codewords that mean nothing here."""
        data = "".join(self.rng.choice("0123456789ABCDEF") for _ in range(400))
        self._code(data, zxingcpp.BarcodeFormat.PDF417, box, turned=False)

    def _code(self, text: str, form: zxingcpp.BarcodeFormat, box: Box, *, turned: bool) -> None:
        x, y, w, h = self.px(box)
        code = zxingcpp.create_barcode(text, form).to_image(scale=4, add_hrt=False)
        picture = Image.fromarray(np.array(code)).convert("L")
        if turned:
            picture = picture.rotate(90, expand=True)
        self.card.paste(picture.resize((w, h), Image.Resampling.BOX).convert("RGB"), (x, y))


def _wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """One line, or two if the words need them."""
    words = text.split()
    first = len(words)
    while first > 1 and font.getlength(" ".join(words[:first])) > room:
        first -= 1
    return [" ".join(part) for part in (words[:first], words[first:]) if part]
