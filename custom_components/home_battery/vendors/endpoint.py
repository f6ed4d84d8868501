"""The documented calls of a vendor, as far as those of all vendors are alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
import re
from typing import Any, Final

_HIDDEN: Final = "**REDACTED**"


class Access(Enum):
    """What an administrator may make of a call."""

    READ = auto()
    WRITE = auto()
    REFUSED = auto()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One call; a vendor adds what the wire needs.

    Attributes:
        access: What an administrator may make of it.
        refused_words: Patterns of what, in lower case, its parameters must not say.
        names_device: Parameters that name a device by id or serial number.
        secrets: Keys, in lower case, of what an answer shows to nobody.
        about_the_only_device: The account is one device, and no call names it.
    """

    access: Access
    refused_words: frozenset[str] = frozenset()
    names_device: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    about_the_only_device: bool = False

    def access_with(self, parameters: Mapping[str, Any]) -> Access:
        """Return the access with these parameters, which may make it refused."""
        said = str(parameters).lower()
        if any(re.search(word, said) for word in self.refused_words):
            return Access.REFUSED
        return self.access

    def devices_in(self, parameters: Mapping[str, Any]) -> set[str]:
        """Return the ids or serial numbers of the devices that parameters name."""
        return {str(parameters[name]) for name in self.names_device & set(parameters)}

    def shown(self, answer: Any) -> Any:
        """Return an answer without what nobody shall see."""
        if isinstance(answer, Mapping):
            return {
                key: _HIDDEN
                if item and str(key).lower() in self.secrets
                else self.shown(item)
                for key, item in answer.items()
            }
        if isinstance(answer, list):
            return [self.shown(item) for item in answer]
        return answer
