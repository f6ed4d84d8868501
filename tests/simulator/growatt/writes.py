"""Ways to write settings, and to set the house."""

from collections.abc import Sequence

from simulator.growatt import Device

from .client import Answer, Client


def numbered(values: Sequence[object], prefix: str = "param") -> dict[str, str]:
    """Return values as param1 and so on."""
    return {f"{prefix}{index}": str(value) for index, value in enumerate(values, 1)}


async def write(
    client: Client, kind: str, *values: object, device: Device | None = None
) -> Answer:
    """Write a setting of a device by v1."""
    device = device or client.device
    family = device.family
    return await client.post(
        family.writes,
        **{family.serial_param: device.serial, "type": kind},
        **numbered(values),
    )


async def write_segment(
    client: Client, index: int, mode: int, times: str, *, enabled: int = 1
) -> Answer:
    """Write a segment of a MIN; times are "h:m-h:m"."""
    parts = times.replace("-", ":").split(":")
    return await write(client, f"time_segment{index}", mode, *parts, enabled)


def set_house(
    device: Device,
    *,
    soc: float | None = None,
    load: float | None = None,
    pv: float | None = None,
) -> None:
    """Set SOC in percent, load and PV in W."""
    device.settle()
    if device.unit.battery is not None and soc is not None:
        device.unit.battery.soc = soc
    device.house.load_override_w = load
    device.unit.pv_override_w = pv
    if device.foreign is not None:
        device.foreign.pv_override_w = pv
