"""Rows against truth: which cards were found, and which fields are exactly right."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

_SAME_PLACE = 0.5
"""Least intersection over union of a row's corners and the truth's."""

BANDS = (0.5, 0.9, 0.97, 0.99, 0.999, 0.9999)
"""Where bands of confidence part."""

Json = dict[str, Any]


@dataclass
class Score:
    """Counts over some of the cards; shares are derived."""

    cards: int = 0
    found: int = 0
    whole: int = 0
    fields: int = 0
    right: int = 0
    faces: int = 0
    faces_right: int = 0
    accepted: int = 0
    accepted_fields: int = 0
    accepted_wrong: int = 0

    def as_json(self) -> Json:
        """The shares, each 0..1, or None where there is nothing to share."""
        return {
            "cards": self.cards,
            "found": _share(self.found, self.cards),
            "whole": _share(self.whole, self.cards),
            "field_accuracy": _share(self.right, self.fields),
            "faces": _share(self.faces_right, self.faces),
            "accepted": _share(self.accepted, self.cards),
            "wrong_in_accepted": _share(self.accepted_wrong, self.accepted_fields),
        }


@dataclass
class Scores:
    """A scored set."""

    total: Score = field(default_factory=Score)
    by_capture: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    by_side: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    wrong: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    spurious: int = 0
    nowhere: list[str] = field(default_factory=list)
    mistakes: list[Json] = field(default_factory=list)
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    """Of every field of every card found: its confidence, and whether it is right."""

    corner_errors: list[float] = field(default_factory=list)
    """Of every card found: how far its corners are off, the mean of four, of its width."""

    def straightness(self) -> tuple[float, float]:
        """The median and the 95th percentile of the corners' errors, of a card's width."""
        if not self.corner_errors:
            return 0.0, 0.0
        middle, worst = np.percentile(self.corner_errors, (50, 95))
        return round(float(middle), 4), round(float(worst), 4)

    def reliability(self) -> list[Json]:
        """What confidences are worth: for each band its mean, and the share that is right."""
        bands = []
        for low, high in pairwise((0.0, *BANDS, 1.01)):
            band = [(sure, right) for sure, right in self.confidences if low <= sure < high]
            if band:
                said = sum(sure for sure, _ in band) / len(band)
                bands.append(
                    {"from": low, "fields": len(band), "said": round(said, 5),
                     "right": _share(sum(right for _, right in band), len(band))}
                )  # fmt: skip
        return bands


def score(files: Iterable[Json], rows: dict[str, list[Json]], dead: set[str]) -> Scores:
    """Score the rows of each file, by its name, against its truth; `dead` names dead letters."""
    scores = Scores()
    for file in files:
        name = file["file"]
        own = list(rows.get(name, []))
        if not own and name not in dead:
            scores.nowhere.append(name)
        for card in file["cards"]:
            row = _take(own, card, file.get("dpi"))
            _score_card(scores, file, card, row)
        scores.spurious += len(own)
    return scores


def _score_card(scores: Scores, file: Json, card: Json, row: Json | None) -> None:
    side = f"{card['layout']}_{card['card_side']}"
    groups = (scores.total, scores.by_capture[file["capture"]], scores.by_side[side])
    if row:
        scores.corner_errors.append(_corner_error(row, card))
    wrong = {
        name: row[name] if row else None
        for name, truth in card["fields"].items()
        if row is None or row[name] != truth
    }
    for name in card["fields"]:
        scores.asked[f"{side}.{name}"] += 1
        if row:
            scores.confidences.append((row["confidence"][name], name not in wrong))
    for name, read in wrong.items():
        scores.wrong[f"{side}.{name}"] += 1
        truth = card["fields"][name]
        scores.mistakes.append(
            {"file": file["file"], "capture": file["capture"], "side": side, "field": name,
             "truth": truth, "read": read, "found": row is not None}
        )  # fmt: skip
    for group in groups:
        group.cards += 1
        group.found += row is not None
        group.whole += not wrong
        group.fields += len(card["fields"])
        group.right += len(card["fields"]) - len(wrong)
        if card["face"]:
            group.faces += 1
            group.faces_right += bool(
                row and row["face_region"]
                and _iou(_points(row["face_region"]), np.array(card["face"])) > _SAME_PLACE
            )  # fmt: skip
        if row and row["accepted"]:
            group.accepted += 1
            group.accepted_fields += len(card["fields"])
            group.accepted_wrong += len(wrong)


def _take(rows: list[Json], card: Json, dpi: int | None) -> Json | None:
    """Remove and give the row that is this card: same side, same place on the same page."""
    for row in rows:
        same = (row["page"], row["card_type"], row["card_side"]) == (
            card["page"], card["card_type"], card["card_side"]
        )  # fmt: skip
        if same and same_place(_points(row["corners"]), np.array(card["corners"])):
            rows.remove(row)
            return row
    return None


def _corner_error(row: Json, card: Json) -> float:
    truth = np.array(card["corners"])
    off = np.linalg.norm(_points(row["corners"]) - truth, axis=1).mean()
    return float(off / np.linalg.norm(truth[1] - truth[0]))


def same_place(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> bool:
    """Whether two outlines, (4, 2) from the upright card's top left, are of one card."""
    return _iou(first, second) > _SAME_PLACE


def _points(points: Sequence[Json]) -> np.ndarray[Any, Any]:
    return np.array([[p["x"], p["y"]] for p in points])


def _iou(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> float:
    """Intersection over union of two quadrilaterals that begin at the same corner; 0 if turned."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    if _turned(a, b):
        return 0.0
    shared, _ = cv2.intersectConvexConvex(a, b)
    union = cv2.contourArea(a) + cv2.contourArea(b) - shared
    return float(shared / union) if union > 0 else 0.0


def _turned(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    """Whether the first corners are not each other's nearest."""
    return int(np.linalg.norm(b - a[0], axis=1).argmin()) != 0


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
