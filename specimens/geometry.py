"""Where cards lie on a page: quadrilaterals from the upright card's top left corner, clockwise."""

import random
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from specimens.draw import ASPECT

Quad = NDArray[np.float64]
UNIT: Quad = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
_CLEARANCE = 8
"""px that a card keeps from the page's edge."""


def rectangle(centre: Sequence[float], width: float, angle: float) -> Quad:
    """A card of a width in px, turned by an angle in degrees."""
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return ((UNIT - 0.5) * (width, width / ASPECT)) @ matrix + np.array(centre)


def seen_from_above(rng: random.Random, tilt: float) -> Quad:
    """A card as a camera sees it that leans by up to `tilt` degrees, in card widths."""
    pitch, yaw = (np.radians(rng.uniform(-tilt, tilt)) for _ in "xy")
    roll = np.radians(rng.uniform(-9, 9))
    distance = rng.uniform(1.6, 3.5)
    points = np.column_stack([(UNIT - 0.5) * (1, 1 / ASPECT), np.zeros(4)])
    about_x = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    x, y, z = (points @ (about_z @ about_x @ about_y).T).T
    return np.column_stack([x, y]) * (distance / (distance + z))[:, None]


def fitted(quad: Quad, size: tuple[int, int], share: float, rng: random.Random) -> Quad:
    """The quadrilateral across this share of the page's width, anywhere on the page."""
    room = np.array(size) - 2 * _CLEARANCE
    extent = np.ptp(quad, axis=0)
    scale = min(share * size[0] / extent[0], *(room / extent))
    quad = (quad - quad.min(axis=0)) * scale
    free = room - np.ptp(quad, axis=0)
    return quad + _CLEARANCE + free * [rng.triangular(0, 1), rng.triangular(0, 1)]


def stacked(
    count: int, card_width: float, size: tuple[int, int], rng: random.Random, angle: float
) -> list[Quad]:
    """Cards one below the other, each askew by up to `angle` degrees; they fit and do not touch."""
    height = card_width / ASPECT
    lean = abs(np.sin(np.radians(angle)))
    reach = np.array([card_width + lean * height, height + lean * card_width]) / 2 + _CLEARANCE
    slot = size[1] / count
    if rng.random() < 0.5:  # near the top, as one lays things on a glass
        slot = min(slot, 2 * reach[1] * rng.uniform(1.0, 1.5))
    shared = rng.uniform(reach[0], max(size[0] - reach[0], reach[0]))
    quads = []
    for number in range(count):
        slack = max(slot - 2 * reach[1], 0)
        y = number * slot + reach[1] + rng.random() * slack
        x = np.clip(shared + rng.uniform(-0.1, 0.1) * card_width, reach[0], size[0] - reach[0])
        quads.append(rectangle((x, y), card_width, rng.uniform(-angle, angle)))
    return quads


def mapped(points: Quad, size: tuple[int, int], quad: Quad) -> Quad:
    """Points of a picture of this size where the picture lies in a quadrilateral."""
    source = (UNIT * size).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(source, quad.astype(np.float32))
    return cv2.perspectiveTransform(points[None], matrix)[0].astype(np.float64)


def reading_order(quads: Sequence[Quad]) -> list[int]:
    """Indices top to bottom; cards side by side, left to right."""
    centres = [quad.mean(axis=0) for quad in quads]
    order = sorted(range(len(quads)), key=lambda i: centres[i][1])
    for a, b in zip(range(len(order)), range(1, len(order)), strict=False):
        first, second = order[a], order[b]
        level = abs(centres[first][1] - centres[second][1]) < np.ptp(quads[first][:, 1]) / 2
        if level and centres[second][0] < centres[first][0]:
            order[a], order[b] = second, first
    return order
