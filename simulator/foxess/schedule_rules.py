"""What each scheduler version takes, and what it refuses (Fox ESS notes 1.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..jsontypes import Json
from .catalogue import Profile
from .errors import BAD_BODY, OVERLAP, ApiError
from .schedule import Group
from .schema import Fields

EXTRA_PARAMS: Final = (
    "minSocOnGrid",
    "fdSoc",
    "fdPwr",
    "maxSoc",
    "importLimit",
    "exportLimit",
    "pvLimit",
    "reactivePower",
)
FORCED: Final = ("ForceCharge", "ForceDischarge")
UNUSED_MODE: Final = "Invalid"
_TIMES: Final = ("startHour", "startMinute", "endHour", "endMinute")
_FLAT: Final = ("minSocOnGrid", "fdSoc", "fdPwr")
_ANY: Final = 1e9


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads the groups of a write as one version means them."""

    version: int
    profile: Profile
    memory: Mapping[int, Mapping[str, float]]
    is_default: bool = False

    @property
    def most(self) -> int:
        """Return how many groups a write may have."""
        return {0: 8, 1: 9, 2: 8}.get(self.version, self.profile.max_groups)

    def read(self, groups: Sequence[Json]) -> list[Group]:
        """Return the groups that the device is to hold, or refuse them all."""
        if len(groups) > self.most:
            raise ApiError(BAD_BODY)
        held = [
            group
            for slot, item in enumerate(groups)
            if (group := self._group(slot, item)).work_mode != UNUSED_MODE
        ]
        enabled = sorted(
            (group for group in held if group.enabled), key=lambda group: group.start
        )
        # The end minute belongs to a group, so one that begins there overlaps.
        if any(later.start <= earlier.end for earlier, later in pairwise(enabled)):
            raise ApiError(OVERLAP)
        return held

    def _group(self, slot: int, item: Json) -> Group:
        """Return one group."""
        fields = self._fields(item)
        enabled = self.version == 3 or bool(fields.whole("enable", 0, 1))
        start_hour, end_hour = (
            fields.whole("startHour", 0, 23),
            fields.whole("endHour", 0, 23),
        )
        start = start_hour * 60 + fields.whole("startMinute", 0, 59)
        end = end_hour * 60 + fields.whole("endMinute", 0, 59)
        work_mode = self._work_mode(fields, enabled=enabled)
        sent = self._sent(fields)
        group = Group(
            start=start,
            end=end,
            work_mode=work_mode,
            enabled=enabled,
            params=self._resolve(slot, sent),
        )
        if enabled:
            self._check(group, sent)
        return group

    def _fields(self, item: Json) -> Fields:
        """Return a group's fields, which differ between versions."""
        if self.version <= 1:
            optional = ("maxSoc",) if self.version == 1 else ()
            return Fields(
                item,
                required=("enable", *_TIMES, "workMode", *_FLAT),
                optional=optional,
            )
        if self.version == 2:
            return Fields(
                item, required=("enable", *_TIMES, "workMode"), optional=("extraParam",)
            )
        return Fields(
            item,
            required=(*_TIMES, "workMode"),
            optional=("extraParam", "isRemainMode"),
        )

    def _work_mode(self, fields: Fields, *, enabled: bool) -> str:
        """Return the work mode; the old versions know one for slots that are not used."""
        unused = (UNUSED_MODE,) if self.version <= 1 and not enabled else ()
        if self.version == 3 and fields.has("isRemainMode"):
            fields.boolean("isRemainMode")
        return fields.choice("workMode", (*self.profile.modes, *unused))

    def _sent(self, fields: Fields) -> dict[str, float]:
        """Return the parameters that were sent and that the device has."""
        if self.version <= 1:
            names: tuple[str, ...] = (
                (*_FLAT, "maxSoc") if fields.has("maxSoc") else _FLAT
            )
            extra = fields
        elif fields.has("extraParam"):
            # v3 refuses what the device's properties do not name; v2 ignores it.
            known = tuple(self.profile.params) if self.version == 3 else EXTRA_PARAMS
            extra = Fields(fields.raw("extraParam"), optional=known)
            names = tuple(name for name in known if extra.has(name))
        else:
            return {}
        return {
            name: extra.whole(name, -_ANY, _ANY)
            for name in names
            if name in self.profile.params
        }

    def _resolve(self, slot: int, sent: Mapping[str, float]) -> dict[str, float]:
        """Return all parameters: sent ones, else the slot's former ones or the defaults."""
        defaults = {name: param.default for name, param in self.profile.params.items()}
        former = {} if self.is_default else self.memory.get(slot, {})
        return {**defaults, **former, **sent}

    def _check(self, group: Group, sent: Mapping[str, float]) -> None:
        """Refuse a group that the device could not follow."""
        if group.end <= group.start:
            raise ApiError(BAD_BODY)
        for name, value in sent.items():
            param = self.profile.params[name]
            if not param.low <= value <= param.high:
                raise ApiError(BAD_BODY)
        if self.version == 0 and not group.params["fdPwr"]:
            raise ApiError(BAD_BODY)
        matters = "fdSoc" in sent or group.work_mode.startswith(FORCED)
        if matters and group.params["fdSoc"] < group.params["minSocOnGrid"]:
            raise ApiError(BAD_BODY)
