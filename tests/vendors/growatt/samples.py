"""Records as the documents show them, one of each family."""

import json
from pathlib import Path
from typing import Any

# What the field list gives as examples; of v4, where a name does not say otherwise.
RECORDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text())
    for path in sorted((Path(__file__).parent / "records").glob("*.json"))
}
# A MIN with a battery sends the same fields, filled in.
RECORDS["min_xh"] = {
    **RECORDS["min"],
    "bdc1ChargePower": 0.0,
    "bdc1DischargePower": 1480.5,
    "bdc1Soc": 63,
    "bdc1Vbat": 402.1,
    "bdc1Ibat": 3.7,
    "bdc1Temp1": 31.4,
    "bmsSoc": 0,
    "bmsSoh": 98,
    "bmsVbat": 402.3,
    "bmsIbat": 3.7,
    "bmsTemp1Bat": 27.5,
    "bmsIcycle": 214,
    "echargeTotal": 2104.6,
    "edischargeTotal": 1987.2,
    "eacChargeTotal": 312.9,
    "etoUserTotal": 812.4,
    "etoGridTotal": 2999.1,
    "elocalLoadTotal": 3120.7,
    "pacToUserTotal": 0.0,
    "pacToGridTotal": 1203.3,
    "pacToLocalLoad": 2726.7,
    "pac": 3930.0,
    "uwSysWorkMode": 5,
}


def family_of(name: str) -> str:
    """Return the family that a record is of."""
    return name.partition("_")[0]
