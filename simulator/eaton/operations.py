"""The seven commands with their parameters (xStorage notes 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..jsontypes import JsonObject
from .body import Struct

BASIC: Final = "SET_BASIC_MODE"
CHARGE: Final = "SET_CHARGE"
DISCHARGE: Final = "SET_DISCHARGE"
MAXIMIZE: Final = "SET_MAXIMIZE_AUTO_CONSUMPTION"
INJECTION: Final = "SET_VARIABLE_GRID_INJECTION"
FREQUENCY: Final = "SET_FREQUENCY_REGULATION"
PEAK: Final = "SET_PEAK_SHAVING"
COMMANDS: Final = (BASIC, CHARGE, DISCHARGE, MAXIMIZE, INJECTION, FREQUENCY, PEAK)

ACTION_CHARGE: Final = "ACTION_CHARGE"
ACTION_DISCHARGE: Final = "ACTION_DISCHARGE"
# The largest unit cannot regulate the grid's frequency.
_NO_FREQUENCY_W: Final = 6000


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A command with its parameters; a forced discharge is a charge with the other action."""

    command: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    action: str = ""

    @property
    def discharges(self) -> bool:
        """Return whether this is a forced discharge."""
        return self.action == ACTION_DISCHARGE

    @property
    def parameters(self) -> JsonObject | None:
        """Return the parameters as the unit shows them."""
        if self.action:
            return {"action": self.action, **self.numbers}
        return dict(self.numbers) or None


def read_operation(body: Struct, rated_w: float) -> Operation:
    """Return the operation that a body asks for, or complain."""
    command = body.text("command", required=True, one_of=COMMANDS)
    parameters = body.inner("parameters", required=False)

    def numbers(**ranges: tuple[int, int | None]) -> Mapping[str, int]:
        return {key: parameters.whole(key, *ends) for key, ends in ranges.items()}

    match command:
        case "SET_CHARGE" | "SET_DISCHARGE":
            allowed = (ACTION_CHARGE, ACTION_DISCHARGE)
            if command == DISCHARGE:
                allowed = (ACTION_DISCHARGE,) * 2
            return Operation(
                command=CHARGE,
                action=parameters.text("action", required=True, one_of=allowed),
                numbers=numbers(power=(5, 100), soc=(0, 100)),
            )
        case "SET_VARIABLE_GRID_INJECTION":
            return Operation(
                command=command, numbers=numbers(maximumPower=(-1000, 30000))
            )
        case "SET_FREQUENCY_REGULATION":
            if rated_w >= _NO_FREQUENCY_W:
                raise body.complain("command", "oneof")
            return Operation(
                command=command,
                numbers=numbers(powerAllocation=(0, 100), optimalSoc=(0, 100)),
            )
        case "SET_PEAK_SHAVING":
            return Operation(
                command=command, numbers=numbers(maxHousePeakConsumption=(0, None))
            )
        case _:
            return Operation(command=command)
