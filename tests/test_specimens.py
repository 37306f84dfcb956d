"""Specimens are repeatable, and their truth is complete."""

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from pipeline.schema import CARD_INFO
from specimens.__main__ import draw_set
from specimens.captures import CAPTURES


def test_a_seed_gives_the_same_bytes_and_a_complete_truth(tmp_path: Path) -> None:
    for name in ("one", "two"):
        draw_set(
            tmp_path / name, n=8, seed=5, captures=["crop", "phone", "turned_scan", "card_pdf"]
        )
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    for entry in json.loads((tmp_path / "one" / "truth.json").read_text())["files"]:
        if entry["file"].endswith(".pdf"):
            continue
        width, height = ImageOps.exif_transpose(Image.open(tmp_path / "one" / entry["file"])).size
        for card in entry["cards"]:
            table = f"{card['card_type'].lower()}_{card['card_side']}"
            assert tuple(sorted(card["fields"])) == tuple(sorted(CARD_INFO[table]))
            corners = np.array(card["corners"])
            assert (corners >= -1).all()
            assert (corners <= np.array([width, height]) + 1).all()


def test_every_kind_of_capture_is_drawn() -> None:
    assert set(CAPTURES) == {
        "crop", "scan", "turned_scan", "phone", "hard_phone", "thumbnail", "photocopy",
        "card_pdf", "sheet_pdf",
    }  # fmt: skip
