"""Names for the devices of an account, so that people can tell them apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ..battery.model import Device


def distinct(devices: Iterable[Device]) -> list[Device]:
    """Return the devices with the serial's end in their names, but only among equals."""
    plain = [
        (device, device.name.removesuffix(f" {device.serial[-4:]}"))
        if device.serial
        else (device, device.name)
        for device in devices
    ]
    often = Counter(name for _, name in plain)
    return [
        replace(device, name=f"{name} {device.serial[-4:]}")
        if device.serial and often[name] > 1
        else replace(device, name=name)
        for device, name in plain
    ]
