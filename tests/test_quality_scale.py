"""Tests that every rule of the quality scale is answered."""

import probatio
import pytest

from homeassistant.util.yaml import load_yaml_dict

from .source import CORE, INTEGRATION

SCALE = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]
RULES = load_yaml_dict(str(CORE / "peblar" / "quality_scale.yaml"))["rules"]


def test_every_rule_of_the_quality_scale_is_answered() -> None:
    """The scale has all rules, in Home Assistant's order, and no other."""
    assert list(SCALE) == list(RULES)
    assert len(SCALE) == 54


@pytest.mark.parametrize("rule", SCALE)
def test_answer_to_a_rule(rule: str) -> None:
    """A rule is kept, or there is a word on why it is not."""
    probatio.Schema(
        probatio.Any(
            probatio.In(["done", "todo"]),
            {
                probatio.Required("status"): probatio.In(["done", "exempt", "todo"]),
                probatio.Required("comment"): probatio.All(
                    str, probatio.Length(min=20)
                ),
            },
        )
    )(SCALE[rule])
