"""Tests that every rule of the quality scale is answered, and proven."""

import ast
from functools import cache
from pathlib import Path

import probatio
import pytest

from homeassistant.util.yaml import load_yaml_dict
from tests.source import CORE, INTEGRATION

from .proofs import EXEMPT, PROOFS

TESTS = Path(__file__).parents[1]
SCALE = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]
RULES = load_yaml_dict(str(CORE / "peblar" / "quality_scale.yaml"))["rules"]


def test_every_rule_of_the_quality_scale_is_answered() -> None:
    """The scale has all rules, in Home Assistant's order, and no other."""
    assert list(SCALE) == list(RULES)
    assert len(SCALE) == 54


@pytest.mark.parametrize("rule", SCALE)
def test_answer_to_a_rule(rule: str) -> None:
    """A rule is kept, or there is a reason why it need not be."""
    probatio.Schema(
        probatio.Any(
            "done",
            {
                probatio.Required("status"): "exempt",
                probatio.Required("comment"): probatio.All(
                    str, probatio.Length(min=20)
                ),
            },
        )
    )(SCALE[rule])


def test_every_rule_has_a_proof() -> None:
    """The table of proofs has all rules, in the same order, and no other."""
    assert list(PROOFS) == list(SCALE)
    assert all(PROOFS.values())


@cache
def functions_of(file: str) -> frozenset[str]:
    """Return what a file of tests defines."""
    return frozenset(
        function.name
        for function in ast.parse((TESTS / file).read_text()).body
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("rule", PROOFS)
def test_proofs_are_there(rule: str) -> None:
    """Each test that a proof names is one that is run."""
    proofs = [proof.partition("::") for proof in PROOFS[rule]]
    assert [
        f"{file}::{name}" for file, _, name in proofs if name not in functions_of(file)
    ] == []


def test_exempt_are_those_of_which_the_reason_is_proven() -> None:
    """Nothing is exempt but what the proofs know, and for the reason that they prove."""
    exempt = {
        rule: answer["comment"] for rule, answer in SCALE.items() if answer != "done"
    }
    assert exempt.keys() == EXEMPT.keys()
    assert [rule for rule, words in EXEMPT.items() if words not in exempt[rule]] == []
