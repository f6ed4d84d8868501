"""What the phone's app asks of a NOAH or a NEXA; all values are text (Growatt notes 1.8)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from ..jsontypes import Json, JsonObject
from .call import Call
from .commands import SEGMENTS
from .device import Device
from .endpoint import Reply
from .errors import MistakeError, Problem
from .noah import household_load, noah_status, pack_serial
from .records import Record
from .v1_data import records_between

_MONEY_PER_KWH: Final = 0.4
_VERSION: Final = "11.10.09.07.9000.4017"
_OFFLINE: Final = -1
# dateType: the digits of a date that are the same, and those that tell the bars apart.
_BARS: Final = {"1": ("%Y-%m", "%d"), "2": ("%Y", "%m"), "3": ("", "%Y")}

type Answer = Callable[[Call, Device], Reply]


def of_model(word: str, answer: Answer) -> Callable[[Call], Reply]:
    """Return an answer about a device whose model begins with a word, which is part of the path."""

    def guarded(call: Call) -> Reply:
        device = call.device("deviceSn")
        if not device.profile.model.lower().startswith(word):
            raise MistakeError(Problem.WRONG_TYPE)
        return answer(call, device)

    return guarded


def system_status(call: Call, device: Device) -> Reply:
    """Answer getSystemStatus: power + into the device on the AC side, the grid + import."""
    record = _latest(device)
    today, total = record.today.generation, record.energies.generation
    plant_id = next(plant.id for plant, known in call.devices() if known is device)
    values: dict[str, Json] = {
        "chargePower": round(record.charge),
        "disChargePower": round(record.discharge),
        "workMode": device.noah_mode,
        "soc": round(record.soc),
        "ppv": round(record.pv),
        "pac": -round(record.generation),
        "eacToday": round(today, 1),
        "eacTotal": round(total, 1),
        "profitToday": round(today * _MONEY_PER_KWH, 2),
        "profitTotal": round(total * _MONEY_PER_KWH, 2),
        "moneyUnit": "€",
        "status": noah_status(record) if device.reachable else _OFFLINE,
        "batteryNum": device.profile.packs,
        "loadPower": household_load(record),
        "gridPower": round(record.grid),
        "groplugPower": 0,
        "groplugNum": 0,
        "otherPower": round(record.generation),
        "isHaveCt": "true",
        "onOffGrid": 0,
        "acCoupleEnable": 1,
        "alias": device.profile.model,
        "plantId": plant_id,
        "eastronStatus": -1,
    }
    texts: JsonObject = {name: str(value) for name, value in values.items()}
    return Reply(data={**texts, "associatedInvSn": None})


def battery_data(_: Call, device: Device) -> Reply:
    """Answer getBatteryData."""
    record = _latest(device)
    packs: list[Json] = [
        {
            "serialNum": pack_serial(device, index),
            "soc": str(round(record.soc)),
            "temp": str(record.temperature),
        }
        for index in range(1, device.profile.packs + 1)
    ]
    return Reply(data={"batter": packs, "tempType": "°C", "time": record.text})


def info(call: Call, device: Device) -> Reply:
    """Answer getNoahInfoBySn and getNexaInfoBySn."""
    plant = next(plant for plant, known in call.devices() if known is device)
    known: JsonObject = {
        name: str(value)
        for name, value in device.settings.items()
        if not name.startswith("time")
    }
    noah: JsonObject = {
        **known,
        "deviceSn": device.serial,
        "alias": device.profile.model,
        "model": device.profile.model,
        "version": _VERSION,
        "workMode": str(device.noah_mode),
        "time_segment": _segments(device),
        "batSns": [
            pack_serial(device, index) for index in range(1, device.profile.packs + 1)
        ],
        "ammeterModel": "Shelly Pro 3EM",
        "ammeterSn": "",
        "antiBackflowPowerPercentage": "0",
        "acCouple": "true",
        "acCoupleEnable": "1",
        "ctType": "0",
        "formulaMoney": str(_MONEY_PER_KWH),
        "gridSet": "1",
        "moneyUnitText": "EUR",
        "plantId": str(plant.id),
        "plantName": plant.name,
        "safety": "1",
        "safetyEnable": "true",
        "safetyList": [{"countryAndArea": "German", "safetyCorrespondNum": 1}],
        "shellyList": [],
        "smartPlan": "true",
        "tempType": "0",
    }
    plants: list[Json] = [
        {"plantId": str(plant.id), "plantName": plant.name, "plantImgName": ""}
        for plant in call.account.plants
    ]
    return Reply(
        data={
            "noah": noah,
            "plantList": plants,
            "unitKeyList": ["RMB", "EUR", "GBP", "USD"],
        }
    )


def power_chart(call: Call, device: Device) -> Reply:
    """Answer get*ChartData: the curve of the day before the date that is sent."""
    day = call.day("date")
    assert day is not None
    wanted = day - timedelta(days=1)
    curve: dict[str, Json] = {}
    for record in map(device.shown, records_between(device, wanted, wanted)):
        local = record.local
        curve.setdefault(
            f"{local.hour:02}:{local.minute // 5 * 5:02}",
            {
                "pac": round(record.generation),
                "ppv": round(record.pv),
                "totalHouseholdLoad": household_load(record),
            },
        )
    return Reply(data=curve)


def energy_chart(call: Call, device: Device) -> Reply:
    """Answer getDataChart: kWh of PV by day, month or year."""
    day = call.day("dateTime")
    assert day is not None
    bars = _BARS.get(call.text("dateType"))
    if bars is None:
        raise MistakeError(Problem.VALUE)
    same, different = bars
    last: dict[date, float] = {}
    for record in device.records:
        last[record.local.date()] = record.today.pv
    sums: dict[str, float] = {}
    for at, energy in last.items():
        if at.strftime(same) == day.strftime(same):
            name = at.strftime(different)
            sums[name] = round(sums.get(name, 0.0) + energy, 1)
    return Reply(data=sums)


def firmware(_: Call, device: Device) -> Reply:
    """Answer checkUpgrade*: there is never anything new."""
    return Reply(
        data={
            "currVersion": _VERSION,
            "newVersion": _VERSION,
            "checkUpgradeNoah": False,
            "status": str(noah_status(_latest(device))),
        }
    )


def _segments(device: Device) -> list[Json]:
    """Return the periods that are switched on: mode, start, end, power, and 0 for every day."""
    held = device.settings
    return [
        {
            f"time_segment{index}": "_".join(
                str(held[f"time{index}{part}"])
                for part in ("Mode", "Start", "End", "Power")
            )
            + "_0"
        }
        for index in SEGMENTS
        if held[f"time{index}Enable"] == 1
    ]


def _latest(device: Device) -> Record:
    """Return the last record."""
    if (record := device.latest) is None:
        raise MistakeError(Problem.SYSTEM)
    return record
