"""Whom the unit is to believe us to be (Eaton notes, 1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

CUSTOMER: Final = "customer"
TECHNICIAN: Final = "tech"

# The unit asks a technician for an address, and takes any that looks like one.
_EMAIL: Final = "home-battery@example.com"


@dataclass(frozen=True)
class Credential:
    """An account on the unit.

    Attributes:
        user_type: What the unit calls the kind of the account.
        username: The account's name.
        password: Its password.
        inverter_serial: The inverter's serial number, which a technician has to know.
    """

    user_type: str
    username: str
    password: str = field(repr=False)
    inverter_serial: str | None = None

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it from an entry's data."""
        return cls(
            data["user_type"],
            data["username"],
            data["password"],
            data.get("inverter_serial"),
        )

    @property
    def body(self) -> Mapping[str, str]:
        """Return what signs in with it."""
        body = {
            "username": self.username,
            "pwd": self.password,
            "userType": self.user_type,
        }
        if self.user_type == TECHNICIAN:
            body |= {"inverterSn": self.inverter_serial or "", "email": _EMAIL}
        return body
