"""What anyone who measures with specimens relies upon."""

import datetime
import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from pypdf import PdfReader

from specimens import fonts, mrz
from specimens.captures import CAPTURES, PDF_DPI
from specimens.designs import sides
from specimens.draw import render
from specimens.holders import invent, verification_digit
from specimens.sets import draw_set

N = 24
FIELDS = {
    "new_front": "id_number father_name mother_name name gender gender_s marriage birthday "
    "birth_place issue_date expiry_date election_number organ_donation",
    "new_back": "region address birth_place election_number organ_donation",
    "old_front": "id_number father_name mother_name name gender gender_s marriage birthday "
    "birth_place registration_date issue_date expiry_date",
    "old_back": "department province district address election_number organ_donation",
    "ALIEN_front": "id_number document_number surname given_name gender gender_s marriage birthday "
    "birthday_s issue_date issue_date_s expiry_date expiry_date_s nationality migratory_quality",
}
"""By the contract, and written out here: specimens know nothing of the pipeline."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    draw_set(folder, N, seed=7)
    return folder


@pytest.fixture(scope="module")
def files(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "truth.json").read_text())["files"]


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    draw_set(tmp_path, N, seed=7)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == N + 1
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_names_tell_nothing_and_sizes_are_within_the_limits(
    folder: Path, files: list[dict[str, Any]]
) -> None:
    for number, file in enumerate(files, 1):
        assert file["file"].split(".")[0] == f"{number:06d}"
        assert (folder / file["file"]).stat().st_size < 5 * 1024 * 1024
        for width, height in page_sizes(folder / file["file"]):
            assert 128 <= min(width, height) <= max(width, height) <= 6000


def test_truth_has_the_fields_of_its_side(files: list[dict[str, Any]]) -> None:
    cards = [card for file in files for card in file["cards"]]
    assert {f"{card['card_type']}_{card['card_side']}" for card in cards} == set(FIELDS)
    for card in cards:
        assert list(card["fields"]) == FIELDS[f"{card['card_type']}_{card['card_side']}"].split()
        assert (card["face"] is None) == (card["card_side"] == "back")
        assert all(len(line) == 30 for line in card["mrz"])
        assert len(card["mrz"]) in (0, 3)


def test_cards_lie_whole_on_their_page_and_faces_on_their_card(
    folder: Path, files: list[dict[str, Any]]
) -> None:
    for file in files:
        sizes = page_sizes(folder / file["file"])
        assert file.get("dpi") == (PDF_DPI if file["file"].endswith(".pdf") else None)
        for card in file["cards"]:
            corners = np.array(card["corners"])
            width = np.linalg.norm(corners[1] - corners[0])
            outside = 0.04 * width if file["capture"] == "cut_off" else 0
            assert (corners >= -outside).all()
            assert (corners <= np.array(sizes[card["page"] - 1]) + outside).all()
            assert is_clockwise(corners)
            if card["face"]:
                face = np.array(card["face"])
                assert is_clockwise(face)
                assert (face >= corners.min(axis=0)).all()
                assert (face < corners.max(axis=0)).all()


def test_every_capture_meets_every_side(tmp_path: Path) -> None:
    draw_set(tmp_path, 24, seed=1, captures=["crop", "thumbnail", "card_pdf"])
    files = json.loads((tmp_path / "truth.json").read_text())["files"]
    met = {(f["capture"], c["layout"], c["card_side"]) for f in files for c in f["cards"]}
    assert len(met) == 3 * 8


def test_verification_digits_of_published_numbers() -> None:
    for number in ("10117410-2", "43451826-7", "41326541-5"):
        assert number == f"{number[:8]}-{verification_digit(number[:8])}"


def test_the_published_machine_readable_zone() -> None:
    born, expires = datetime.date(1986, 2, 18), datetime.date(2020, 5, 18)
    assert mrz.lines("43451826", born, "F", expires, "CASTILLO", "VANESSA SILVIA") == (
        "I<PER43451826<9<<<<<<<<<<<<<<<",
        "8602189F2005180PER<<<<<<<<<<<0",
        "CASTILLO<<VANESSA<SILVIA<<<<<<",
    )


@given(st.integers(0, 1_000_000))
def test_holders_are_consistent(seed: int) -> None:
    holder = invent(random.Random(seed))
    assert holder.birth < holder.registered <= holder.issued
    assert holder.expires is None or holder.issued < holder.expires
    assert holder.issued < holder.resident_until
    assert holder.marital_word.endswith("A" if holder.sex == "F" else "O")
    assert set("".join(holder.mrz)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
    assert all(len(line) == 30 for line in holder.mrz)
    assert (holder.department == "CALLAO") == holder.region.startswith("/")


@pytest.mark.parametrize("side", ["dni_azul_back", "dnie_2020_back"])
def test_the_linear_code_holds_the_number(side: str) -> None:
    rng = random.Random(2)
    card = render(sides(rng)[side], invent(rng), rng, fonts.families("all"))
    found = zxingcpp.read_barcodes(card.image, formats=zxingcpp.BarcodeFormat.Code39)
    assert [code.text for code in found] == [card.truth["holder_id"]]


def test_a_photo_turned_by_its_tag_shows_the_card_where_the_truth_says() -> None:
    rng = random.Random(4)
    card = render(sides(rng)["dni_azul_front"], invent(rng), rng, fonts.families("all"))
    for seed in range(40):
        taken = CAPTURES["phone"]([card], random.Random(seed))
        stored = Image.open(io.BytesIO(taken.content))
        if stored.getexif().get(0x0112, 1) != 1:
            upright = ImageOps.exif_transpose(stored)
            assert (taken.quads[0] <= upright.size).all()
            return
    pytest.fail("no photo was turned by its tag")


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_ROOT", Path("/nowhere"))
    with pytest.raises(FileNotFoundError, match="apt-get install fonts-dejavu-core"):
        fonts.families("development")


def page_sizes(path: Path) -> list[tuple[float, float]]:
    """Pages as a reader sees them, in px."""
    if path.suffix == ".pdf":
        boxes = [page.mediabox for page in PdfReader(path).pages]
        return [(float(b.width) * PDF_DPI / 72, float(b.height) * PDF_DPI / 72) for b in boxes]
    return [ImageOps.exif_transpose(Image.open(path)).size]


def is_clockwise(points: np.ndarray[Any, Any]) -> bool:
    sides = np.roll(points, -1, axis=0) - points
    following = np.roll(sides, -1, axis=0)
    return bool((sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0] > 0).all())
