"""What a check found out."""

from dataclasses import dataclass, field
import json


@dataclass(kw_only=True)
class Report:
    """The numbers of a check, and every reason why it is not good."""

    seconds: float = 0
    entries: int = 0
    devices: int = 0
    entities: int = 0
    unavailable: int = 0
    with_past: int = 0
    writes_confirmed: int = 0
    overrides: int = 0
    log_errors: int = 0
    finished: bool = False
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Return whether the check came to its end and found nothing wrong."""
        return self.finished and not self.problems

    def as_json(self) -> str:
        """Return the line that the check ends with."""
        return json.dumps(
            {
                "ok": self.ok,
                "seconds": round(self.seconds, 1),
                "entries": self.entries,
                "devices": self.devices,
                "entities": self.entities,
                "unavailable": self.unavailable,
                "with_past": self.with_past,
                "writes_confirmed": self.writes_confirmed,
                "overrides": self.overrides,
                "log_errors": self.log_errors,
            }
        )
