"""The mode scheduler in its four versions (Fox ESS notes 1.10)."""

from collections.abc import Callable, Mapping

from ..jsontypes import Json, JsonObject
from ..wall_clock import minute_of_day
from .call import Call
from .catalogue import HTTP_MISSING, Profile
from .device import Inverter
from .errors import UNSUPPORTED, UNSUPPORTED_FUNCTION, ApiError, EndpointMissing
from .schedule import Group
from .schedule_rules import UNUSED_MODE, Reader

_SLOTS = 8
_MOST_SHOWN = {0: 8, 1: 9, 2: 8}
_TIME_RANGES = {"starthour": 23, "startminute": 59, "endhour": 23, "endminute": 59}


def flag_get(version: int) -> Callable[[Call], JsonObject]:
    """Return the endpoint scheduler/get/flag of a version."""

    def answer(call: Call) -> JsonObject:
        inverter = call.device(call.fields("deviceSN").text("deviceSN"))[1]
        _check_flag(inverter.profile, version)
        support, enable = (
            0 not in inverter.profile.scheduler_refusals,
            inverter.scheduler.enabled,
        )
        if version == 0:
            return {"support": int(support), "enable": int(enable)}
        return {"support": support, "enable": enable}

    return answer


def flag_set(version: int) -> Callable[[Call], JsonObject]:
    """Return the endpoint scheduler/set/flag of a version."""

    def answer(call: Call) -> JsonObject:
        fields = call.fields("deviceSN", "enable")
        inverter = call.reach(fields.text("deviceSN"), write=True)
        enable = bool(fields.whole("enable", 0, 1))
        _check_flag(inverter.profile, version)
        if 0 in inverter.profile.scheduler_refusals:
            raise ApiError(UNSUPPORTED)
        return call.write(
            inverter, lambda: setattr(inverter.scheduler, "enabled", enable)
        )

    return answer


def schedule_get(version: int) -> Callable[[Call], JsonObject]:
    """Return the endpoint scheduler/get of a version."""

    def answer(call: Call) -> JsonObject:
        inverter = call.device(call.fields("deviceSN").text("deviceSN"))[1]
        _check_version(inverter.profile, version)
        groups = (
            _groups_v3(inverter)
            if version == 3
            else _groups_until_v2(inverter, version, call)
        )
        head: JsonObject = {"enable": int(inverter.scheduler.enabled), "groups": groups}
        if version == 3:
            head = {**head, "maxGroupCount": inverter.profile.max_groups}
        return {**head, "properties": _properties(inverter.profile, version)}

    return answer


def schedule_set(version: int) -> Callable[[Call], JsonObject]:
    """Return the endpoint scheduler/enable of a version: a full replacement that leaves the switch alone."""

    def answer(call: Call) -> JsonObject:
        optional = ("isDefault",) if version >= 2 else ()
        fields = call.fields("deviceSN", "groups", optional=optional)
        inverter = call.reach(fields.text("deviceSN"), write=True)
        _check_version(inverter.profile, version)
        reader = Reader(
            version=version,
            profile=inverter.profile,
            memory=inverter.scheduler.memory,
            is_default=fields.has("isDefault") and fields.boolean("isDefault"),
        )
        groups = reader.read(fields.items("groups", reader.most))
        return call.write(inverter, lambda: inverter.scheduler.replace(groups))

    return answer


def _check_flag(profile: Profile, version: int) -> None:
    """Refuse the newer switch where a device only knows the old one."""
    if version == 1 and not profile.flag_v1:
        raise ApiError(UNSUPPORTED_FUNCTION)


def _check_version(profile: Profile, version: int) -> None:
    """Refuse a version that a device does not know, as it does."""
    if (refusal := profile.scheduler_refusals.get(version)) is None:
        return
    if refusal == HTTP_MISSING:
        raise EndpointMissing
    raise ApiError(refusal)


def _groups_until_v2(inverter: Inverter, version: int, call: Call) -> list[Json]:
    """Return the slots; a group whose window has passed today shows as disabled until tomorrow."""
    minute = minute_of_day(inverter.local(call.now()))
    shown: list[Json] = [
        _slot(
            inverter.profile,
            version,
            group,
            enable=group.enabled and minute <= group.end,
        )
        for group in inverter.scheduler.groups[: _MOST_SHOWN[version]]
    ]
    unused = Group(
        start=0,
        end=0,
        work_mode="SelfUse" if version == 2 else UNUSED_MODE,
        params={name: param.default for name, param in inverter.profile.params.items()}
        | {"fdPwr": 0},
    )
    empty: list[Json] = [_slot(inverter.profile, version, unused, enable=False)]
    return shown + empty * (_SLOTS - len(shown))


def _slot(profile: Profile, version: int, group: Group, *, enable: bool) -> JsonObject:
    """Return a group as v0, v1 or v2 shows it."""
    head: JsonObject = {
        "enable": int(enable),
        **_times(group),
        "workMode": group.work_mode,
    }
    params = _numbers(profile, group.params)
    if version == 2:
        return {**head, "extraParam": params}
    names = ("minSocOnGrid", "fdSoc", "fdPwr", "maxSoc")[: 3 if version == 0 else 4]
    return {**head, **{name: int(group.params[name]) for name in names}}


def _groups_v3(inverter: Inverter) -> list[Json]:
    """Return the enabled groups and the remain group, which stands for the rest of the day."""
    remain = Group(
        start=0,
        end=1439,
        work_mode=inverter.settings.get("WorkMode", "SelfUse"),
        params={name: param.default for name, param in inverter.profile.params.items()}
        | {
            "minSocOnGrid": float(inverter.settings["MinSocOnGrid"]),
            "maxSoc": float(inverter.settings["MaxSoc"]),
        },
    )
    rows = [(group, False) for group in inverter.scheduler.groups if group.enabled] + [
        (remain, True)
    ]
    return [
        {
            **_times(group),
            "workMode": group.work_mode,
            "isRemainMode": is_remain,
            "extraParam": _numbers(inverter.profile, group.params),
        }
        for group, is_remain in rows
    ]


def _times(group: Group) -> JsonObject:
    """Return a group's times."""
    return {
        "startHour": group.start // 60,
        "startMinute": group.start % 60,
        "endHour": group.end // 60,
        "endMinute": group.end % 60,
    }


def _numbers(profile: Profile, params: Mapping[str, float]) -> dict[str, Json]:
    """Return parameters as the device type writes numbers."""
    return {
        name: float(value) if profile.float_params else int(value)
        for name, value in params.items()
    }


def _properties(profile: Profile, version: int) -> JsonObject:
    """Return what a group may hold; the keys are all lower-case."""
    names = [
        name
        for name in profile.params
        if version >= 2 or name in {"minSocOnGrid", "fdSoc", "fdPwr"}
    ]
    if version == 1:
        names.append("maxSoc")
    properties: dict[str, Json] = {
        name.lower(): _property(
            profile.params[name].unit,
            profile.params[name].low,
            profile.params[name].high,
        )
        for name in names
    }
    properties |= {
        name: _property("", 0, highest) for name, highest in _TIME_RANGES.items()
    }
    properties["workmode"] = {
        "enumList": list(profile.modes),
        "unit": "",
        "precision": 1.0,
    }
    if version == 3:
        properties["reactivepowerenable"] = {"unit": "", "precision": 1.0}
    return properties


def _property(unit: str, low: float, high: float) -> JsonObject:
    """Return one property with its range."""
    return {
        "unit": unit,
        "precision": 1.0,
        "range": {"min": float(low), "max": float(high)},
    }
