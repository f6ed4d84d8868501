"""What the tests of all vendors share."""

from functools import partial

import pytest

from tests.conftest import Simulate


@pytest.fixture
def simulate(simulate: Simulate) -> Simulate:
    """Start simulations of houses that have a yesterday, unless a test asks for more."""
    return partial(simulate, history_days=1)


@pytest.fixture
def recorder_config() -> None:
    """Have the recorder keep everything: here all that a device tells is brought in."""
