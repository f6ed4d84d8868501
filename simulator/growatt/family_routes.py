"""The v1 endpoints that each family has, with the limits and numbers that differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from . import mistakes, v1_data, v1_settings
from .endpoint import MINUTES_5, SECONDS_10, Endpoint
from .families import BOOST, HPS, INV, MAX, MIN, PBD, PCS, SPA, SPH, STORAGE, Family
from .mistakes import Numbers

_PAGES: Final = ("page", "perpage")
_PAST: Final = ("start_date", "end_date", "timezone_id", *_PAGES)


@dataclass(frozen=True, kw_only=True)
class _Reads:
    """How often a family may be asked (seconds, 0: nothing is said), and the numbers of its refusals."""

    family: Family
    info: float
    last: float
    several: float = 0.0
    past: float
    alarms: float | None = None
    several_numbers: Numbers | None = None
    past_numbers: Numbers | None = None
    alarm_pages: bool = True


_READS: Final = (
    _Reads(
        family=MIN,
        info=MINUTES_5,
        last=MINUTES_5,
        several=MINUTES_5,
        several_numbers=mistakes.LAST,
        past=SECONDS_10,
        alarms=MINUTES_5,
    ),
    _Reads(
        family=SPH,
        info=0,
        last=SECONDS_10,
        several=SECONDS_10,
        past=MINUTES_5,
        alarms=SECONDS_10,
    ),
    _Reads(
        family=SPA,
        info=0,
        last=SECONDS_10,
        several=SECONDS_10,
        past=SECONDS_10,
        alarms=SECONDS_10,
    ),
    _Reads(
        family=MAX,
        info=0,
        last=MINUTES_5,
        several=MINUTES_5,
        past=MINUTES_5,
        alarms=0,
    ),
    _Reads(
        family=STORAGE,
        info=SECONDS_10,
        last=SECONDS_10,
        past=SECONDS_10,
        alarms=SECONDS_10,
        alarm_pages=False,
    ),
    _Reads(
        family=PCS,
        info=0,
        last=MINUTES_5,
        past=MINUTES_5,
        alarms=MINUTES_5,
        past_numbers=mistakes.PLAIN_HISTORY,
    ),
    _Reads(
        family=HPS,
        info=SECONDS_10,
        last=SECONDS_10,
        past=SECONDS_10,
        alarms=SECONDS_10,
        past_numbers=mistakes.PLAIN_HISTORY,
    ),
    _Reads(
        family=PBD,
        info=SECONDS_10,
        last=MINUTES_5,
        past=MINUTES_5,
        alarms=MINUTES_5,
        past_numbers=mistakes.PLAIN_HISTORY,
    ),
    _Reads(
        family=BOOST,
        info=SECONDS_10,
        last=SECONDS_10,
        several=SECONDS_10,
        several_numbers=mistakes.LAST,
        past=SECONDS_10,
        past_numbers=mistakes.PLAIN_HISTORY,
    ),
)


def _reads(row: _Reads) -> Iterator[Endpoint]:
    """Return what a family tells."""
    family = row.family
    word, param = family.v1, family.serial_param
    yield Endpoint(
        method="GET",
        path=f"device/{word}/{word}_data_info",
        answer=v1_data.data_info(family),
        params=("device_sn",),
        period=row.info,
        mistakes=mistakes.LAST,
    )
    yield Endpoint(
        method="POST",
        path=f"device/{word}/{word}_last_data",
        answer=v1_data.last_data(family, param),
        params=(param,),
        period=row.last,
        mistakes=mistakes.LAST,
    )
    if family.multiple:
        yield Endpoint(
            method="POST",
            path=f"device/{word}/{family.multiple}_data",
            answer=v1_data.several_data(family),
            params=(family.multiple, "pageNum"),
            period=row.several,
            mistakes=row.several_numbers or mistakes.HISTORY,
        )
    yield Endpoint(
        method="POST",
        path=f"device/{word}/{word}_data",
        answer=v1_data.history(family, param),
        params=(param, *_PAST),
        period=row.past,
        mistakes=row.past_numbers or mistakes.HISTORY,
    )
    if row.alarms is not None:
        yield Endpoint(
            method="POST",
            path=f"device/{word}/alarm_data",
            answer=v1_data.alarms(family, param),
            params=(param, "date", *(_PAGES if row.alarm_pages else ())),
            period=row.alarms,
            mistakes=mistakes.ALARMS,
        )


def _settings(family: Family) -> Iterator[Endpoint]:
    """Return the two ways to single settings."""
    yield Endpoint(
        method="POST",
        path=family.reads,
        answer=v1_settings.setting_read(family),
        params=("device_sn", "paramId", "startAddr", "endAddr"),
        mistakes=mistakes.READ,
    )
    inverter = family is INV
    param = "device_sn" if inverter else family.serial_param
    kind = "paramId" if inverter else "type"
    prefix = "command_" if inverter else "param"
    values = (f"{prefix}{index}" for index in range(1, family.params + 1))
    yield Endpoint(
        method="POST",
        path=family.writes,
        answer=v1_settings.setting_write(family, param),
        params=(param, kind, *values),
        mistakes=mistakes.WRITE_INV if inverter else mistakes.WRITE,
        write=True,
    )


def _inverter() -> Iterator[Endpoint]:
    """Return what an inverter of type 1 tells, mostly by GET and under other names."""
    for path, answer, params, numbers in (
        ("inv_data_info", v1_data.data_info(INV), (), mistakes.LAST),
        ("last_new_data", v1_data.last_data(INV, "device_sn"), (), mistakes.LAST),
        ("data", v1_data.history(INV, "device_sn"), _PAST, mistakes.INV_HISTORY),
        (
            "alarm",
            v1_data.alarms(INV, "device_sn"),
            ("date", *_PAGES),
            mistakes.INV_ALARMS,
        ),
        ("day_energy", v1_data.energy_of_day, ("date",), mistakes.ALARMS),
    ):
        yield Endpoint(
            method="GET",
            path=f"device/inverter/{path}",
            answer=answer,
            params=("device_sn", *params),
            period=MINUTES_5,
            mistakes=numbers,
        )
    yield Endpoint(
        method="POST",
        path="device/inverter/invs_data",
        answer=v1_data.several_data(INV),
        params=("inverters", "pageNum"),
        period=MINUTES_5,
        mistakes=mistakes.LAST,
    )


FAMILY_ENDPOINTS: Final = (
    *(endpoint for row in _READS for endpoint in _reads(row)),
    Endpoint(
        method="GET",
        path="device/tlx/tlx_set_info",
        answer=v1_data.settings_info,
        params=("device_sn",),
        mistakes=mistakes.LAST,
    ),
    *_inverter(),
    *(
        endpoint
        for family in (MIN, SPH, SPA, MAX, INV, STORAGE)
        for endpoint in _settings(family)
    ),
)
