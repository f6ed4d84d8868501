"""The examples in the document for other tools."""

from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import parse_yaml

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = (DOCS / "works_with.md").read_text()
# The device that stands in them, and the entities.
DEVICE = "52de68566bb5e62658dcfafb72cb15c8"

EXAMPLES: list[Any] = [
    parse_yaml(block)
    for block in re.findall(r"^```yaml$(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
]
ENTITIES = sorted(set(re.findall(r"sensor\.fox_ess_kh8_\w+", DOCUMENT)))


def example(key: str) -> Any:
    """Return what the first example with a key has there."""
    return next(block[key] for block in EXAMPLES if key in block)
