"""Reading → row: what was read as the contract writes it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.cards.layout import Layout
from pipeline.cards.row import Judge, row
from pipeline.elements import CardRow, Reading
from pipeline.transforms.stage import Stage


@dataclass(eq=False)
class Parse(Stage):
    """Interpret each reading by its layout."""

    layouts: dict[str, Layout]
    judge: Judge
    name, result = "parse", CardRow

    def each(self, element: Reading) -> Iterator[CardRow]:
        layout = self.layouts[element.layout]
        now = datetime.datetime.now(datetime.UTC)
        values = row(element, layout, self.judge, now)
        yield CardRow(element.origin, layout.table, values)
