"""Ramer, Douglas and Peucker: fewer points that tell almost the same."""

from collections.abc import Sequence
from datetime import datetime

type Point = tuple[float, float]
type Row = tuple[datetime, dict[str, float]]


def simplified(rows: list[Row], tolerance: float) -> list[Row]:
    """Return rows without the values that straight lines tell, within a share of each field's span.

    What is left of a row is dropped where nothing is left.
    """
    if not tolerance or not rows:
        return rows
    kept: list[dict[str, float]] = [{} for _ in rows]
    for name in {name for _, values in rows for name in values}:
        series = [
            (index, (at.timestamp(), values[name]))
            for index, (at, values) in enumerate(rows)
            if name in values
        ]
        points = [point for _, point in series]
        heights = [height for _, height in points]
        near = tolerance * (max(heights) - min(heights))
        for place in _corners(points, near):
            index, (_, value) = series[place]
            kept[index][name] = value
    return [
        (at, {name: left[name] for name in values if name in left})
        for (at, values), left in zip(rows, kept, strict=True)
        if left
    ]


def _corners(points: Sequence[Point], near: float) -> set[int]:
    """Return the points that no line between others passes near enough."""
    corners = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        (left, low), (right, high) = points[first], points[last]
        farthest, distance = 0, near
        for index in range(first + 1, last):
            at, value = points[index]
            line = low + (high - low) * (at - left) / (right - left)
            if abs(value - line) > distance:
                farthest, distance = index, abs(value - line)
        if farthest:
            corners.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return corners
