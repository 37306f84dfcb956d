"""A wrong configuration is one line that names the file, the key and a remedy."""

import shutil
from pathlib import Path

import pytest

from pipeline import settings
from pipeline.settings import CONFIGS, LAYOUTS, ConfigurationError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LAYOUTS, tmp_path / "layouts"))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("kind: sex_word", "kidn: sex_word", "fields.gender.kidn: 'kidn' is not known"),
        ("kind: sex_word", "kind: sex_wrod", "did you mean 'sex_word'?"),
        ("  birthday:", "  birtday:", "did you mean 'birthday'?"),
        ("has_face: true", "has_face: 7", "has_face"),
        ("rules: [date_order", "rules: [date_ordre", "rules.0"),
        ("card_side: front", "card_side: top", "card_side"),
        ("signature: [Prenombres", "signature: [Prenombre", "did you mean 'Prenombres'?"),
        ("layout: dnie_2013", "layout: [", "not YAML"),
        ("  organ_donation:", "  # organ_donation:", "organ_donation"),
    ],
)
def test_a_mistake_in_a_layout_is_named(folder: Path, old: str, new: str, complaint: str) -> None:
    path = folder / "dnie_2013_front.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(ConfigurationError) as error:
        settings.load(CONFIGS / "default.yaml", folder)
    assert str(path) in str(error.value)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_engine_is_named(tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    text = (CONFIGS / "default.yaml").read_text()
    config.write_text(text.replace("engine: ppocr", "engine: ppocrr"))
    with pytest.raises(ConfigurationError, match="did you mean 'ppocr'"):
        settings.load(config, LAYOUTS)


def test_a_folder_without_layouts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no layouts here"):
        settings.load(CONFIGS / "default.yaml", tmp_path)
