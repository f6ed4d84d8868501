"""Every documented call is served, with its parameters, limits and numbers."""

from collections.abc import Mapping
import csv
from pathlib import Path

import pytest

from simulator.growatt.routes import ENDPOINTS

with (Path(__file__).parent / "calls.tsv").open() as _file:
    DOCUMENTED = list(csv.DictReader(_file, delimiter="\t"))
SERVED = {(endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS}
# What the documents leave unsaid for some calls: system, serial number, device, permission.
ANYWHERE = {10001, 10002, 10003, 10011}


def test_served_is_what_is_documented() -> None:
    """There is an endpoint for each documented call, and none beside them."""
    assert {(row["method"], row["path"]) for row in DOCUMENTED} == set(SERVED)


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: str(row["path"]))
def test_call(row: Mapping[str, str]) -> None:
    """Parameters, windows and numbers are the documented ones."""
    endpoint = SERVED[row["method"], row["path"]]
    assert set(endpoint.params) == set(row["parameters"].split(","))
    assert endpoint.period == float(row["period"])
    assert endpoint.noah_period == float(row["noah_period"] or 0)
    assert endpoint.per_day == int(row["per_day"])
    documented = {int(code) for code in row["codes"].split(",") if code}
    assert set(endpoint.mistakes.values()) <= documented | ANYWHERE
