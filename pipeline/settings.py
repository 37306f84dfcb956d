"""The configuration: YAML files in, frozen settings out; an unknown key is an error."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.cards.confidence import Weights
from pipeline.cards.kinds import KINDS
from pipeline.cards.layout import Layout
from pipeline.cards.row import Judge
from pipeline.ocr import engines
from pipeline.ocr.finder import Finder
from pipeline.ocr.images import Limits
from pipeline.schema import CARD_INFO

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
LAYOUTS = CONFIGS / "layouts"
WEIGHTS = CONFIGS / "confidence.yaml"

Model = TypeVar("Model", bound=BaseModel)


class ConfigurationError(ValueError):
    """A configuration file is wrong; the message names the file, the key and a remedy."""


class Storage(BaseModel):
    """Where documents may lie."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schemes: tuple[str, ...]
    """Of URIs; `file` is a local path."""
    roots: tuple[str, ...] = ()
    """Folders that documents must lie below; empty for anywhere."""


class Reader(BaseModel):
    """How cards are read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: str
    """What every card is read with."""
    careful_engine: str
    """What reads again where the first engine is unsure, or rules fail."""
    careful_below: float
    """A field whose least sure character is read with less, 0..1, is read again."""
    card_width_px: int


class Review(BaseModel):
    """When a person has to look at a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error_budget: float
    """Expected share of wrong fields, 0..1, up to which a row needs no review."""


class _File(BaseModel):
    """What `configs/default.yaml` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    storage: Storage
    limits: Limits
    finder: Finder
    reader: Reader
    review: Review


class Settings(_File):
    """Everything that a run may be told apart from its options."""

    layouts: tuple[Layout, ...]
    weights: Weights

    @property
    def judge(self) -> Judge:
        """Says how sure values are, and which rows go to a person."""
        return Judge(self.weights, self.review.error_budget)


def load(config: Path, layouts: Path) -> Settings:
    """Read the configuration file and every layout of a folder.

    Raises ConfigurationError.
    """
    file = _model(_File, config)
    for key in ("engine", "careful_engine"):
        name = getattr(file.reader, key)
        if name not in engines.NAMES:
            raise ConfigurationError(f"{config}: reader.{key}: {_unknown(name, engines.NAMES)}")
    sides = tuple(_layout(path) for path in sorted(layouts.glob("*.yaml")))
    if not sides:
        raise ConfigurationError(f"{layouts}: no layouts here; expected *.yaml files")
    return Settings(**dict(file), layouts=sides, weights=_model(Weights, WEIGHTS))


def _layout(path: Path) -> Layout:
    """One layout, which must say of every column of its table where it is, or that it is not."""
    layout = _model(Layout, path)
    if layout.table not in CARD_INFO:
        raise ConfigurationError(f"{path}: there is no table {layout.table!r}")
    columns = CARD_INFO[layout.table]
    for name, field in layout.fields.items():
        if name not in columns:
            raise ConfigurationError(f"{path}: fields.{_unknown(name, columns)}")
        if field.kind not in KINDS:
            raise ConfigurationError(f"{path}: fields.{name}.kind: {_unknown(field.kind, KINDS)}")
    for name in columns:
        if (name in layout.fields) == (name in layout.not_printed):
            raise ConfigurationError(f"{path}: name {name!r} in either fields or not_printed")
    wordings = {v for m in layout.marks for v in m.text} | {
        v for f in layout.fields.values() for v in f.label
    }
    for text in layout.signature:
        if text not in wordings:
            raise ConfigurationError(f"{path}: signature: {_unknown(text, wordings)}")
    return layout


def _model(kind: type[Model], path: Path) -> Model:
    """A YAML file as a model; the first complaint, with its key, as a ConfigurationError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        # a key that is not known explains others that are missing
        complaint = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        key = ".".join(str(part) for part in complaint["loc"])
        if complaint["type"] == "extra_forbidden":
            legal = _legal_keys(kind, complaint["loc"][:-1])
            problem = _unknown(str(complaint["loc"][-1]), legal)
        else:
            problem = complaint["msg"]
        raise ConfigurationError(f"{path}: {key}: {problem}") from None


def _legal_keys(kind: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The keys that a model, or the part of it at a path, knows."""
    schema = kind.model_json_schema()
    part: Mapping[str, object] = schema
    for step in path:
        properties = part.get("properties")
        if isinstance(properties, dict) and step in properties:
            part = properties[step]
        elif isinstance(part.get("additionalProperties"), dict):
            part = part["additionalProperties"]  # type: ignore[assignment]
        elif isinstance(part.get("items"), dict):
            part = part["items"]  # type: ignore[assignment]
        if "$ref" in part:
            part = schema["$defs"][str(part["$ref"]).rsplit("/", 1)[-1]]
    properties = part.get("properties")
    return list(properties) if isinstance(properties, dict) else []


def _unknown(word: str, legal: object) -> str:
    """Say that a word is not known, and the nearest legal one."""
    near = difflib.get_close_matches(word, list(legal), n=1, cutoff=0.5)  # type: ignore[call-overload]
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"{word!r} is not known{hint}"
