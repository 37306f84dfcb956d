"""A layout: one side of one generation of card, as data. The files are `configs/layouts/*.yaml`.

Boxes are `x, y, w, h`, 0..1 of the upright card. They are priors: print batches shift them, so
labels are found first and boxes help where a label is not readable.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Box = tuple[float, float, float, float]

Rule = Literal["date_order", "mrz", "place_of_birth", "place_of_residence"]


class Mark(BaseModel):
    """Text printed on every card of a layout that is no field's label."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: tuple[str, ...]
    """Variants of wording."""
    box: Box | None = None


class Field(BaseModel):
    """One field of the side's table, and how to find and read it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    """The kind of value: a function of `kinds.py`."""
    label: tuple[str, ...] = ()
    """Variants of the printed label."""
    label_box: Box | None = None
    value_box: Box | None = None
    place: tuple[Literal["below", "right"], ...] = ("below",)
    """Where the value stands relative to its label, where no boxes say it."""
    lines: int = 1
    """The most lines that the value may take."""
    optional: bool = False
    """The card may leave the field empty."""
    unmistakable: bool = False
    """The value's form alone tells it from all others on the card."""
    same_as: str | None = None
    """The field whose printed value this one is, read as another kind."""


class Layout(BaseModel):
    """One side of one generation of card."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    layout: str
    """The generation, as in the tables' `layout` column."""
    card_type: Literal["new", "old", "ALIEN"]
    card_side: Literal["front", "back"]
    signature: tuple[str, ...]
    """Labels and marks of which at least one must be read: they are on no other country's card."""
    marks: tuple[Mark, ...] = ()
    fields: dict[str, Field]
    not_printed: tuple[str, ...] = ()
    """Fields of the table that this generation prints on its other side, or nowhere."""
    mrz: Box | None = None
    """The zone of the three machine-readable lines."""
    barcode: Box | None = None
    """The zone of the linear barcode with the holder's number."""
    portrait: Box | None = None
    """The large portrait; null on a side with a face means: anywhere on the card."""
    has_face: bool = False
    rules: tuple[Rule, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its ending, unique among layouts: generation and side."""
        return f"{self.layout}_{self.card_side}"

    @property
    def table(self) -> str:
        """The table that the side's rows belong to."""
        return f"{self.card_type.lower()}_{self.card_side}"

    @property
    def printed(self) -> dict[str, Field]:
        """The fields that have a value of their own on the card."""
        return {name: field for name, field in self.fields.items() if field.same_as is None}

    @model_validator(mode="after")
    def _references_exist(self) -> "Layout":
        for name, field in self.fields.items():
            if field.same_as is not None and field.same_as not in self.fields:
                raise ValueError(f"fields.{name}.same_as: there is no field {field.same_as!r}")
            if field.same_as is None and not field.label:
                raise ValueError(f"fields.{name}.label: missing; name the label printed by it")
        return self
