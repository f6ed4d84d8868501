"""The action that saves a stretch of the past to a file, as the vendor has it."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import probatio

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from .const import DOMAIN
from .errors import async_failed
from .history import async_range, moment
from .targets import Target, async_systems
from .transport.errors import ApiError

EVENT_EXPORT: Final = f"{DOMAIN}_export"

_START: Final = "start"
_END: Final = "end"
_FORMAT: Final = "format"
_PATH: Final = "path"
_DAY: Final = timedelta(days=1)
_LONGEST_DAYS: Final = 3653
# Some systems tell a few MB a day; a disk must not become full of it.
_LARGEST_MB: Final = 4096
_MEGABYTE: Final = 1024 * 1024

EXPORT_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1, max=1), [cv.string]
        ),
        probatio.Required(_START): moment,
        probatio.Optional(_END): moment,
        probatio.Optional(_FORMAT, default="csv"): cv.string,
        probatio.Required(_PATH): cv.string,
    }
)


async def async_export_history(call: ServiceCall) -> ServiceResponse:
    """Save the past of one device, day by day, and tell how far that is.

    The file appears when it is whole; one that was there before is replaced.
    """
    (target,) = async_systems(call, steer=False)
    form, path = call.data[_FORMAT], Path(call.data[_PATH])
    forms = target.entry.runtime_data.vendor.exports
    if form not in forms:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_export",
            translation_placeholders={
                "device": target.device.name,
                "options": ", ".join(forms) or "–",
            },
        )
    if not path.is_absolute() or not await call.hass.async_add_executor_job(
        call.hass.config.is_allowed_path, str(path)
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="path_not_allowed",
            translation_placeholders={"path": str(path)},
        )
    start, end = await async_range(
        call, target, longest=timedelta(days=_LONGEST_DAYS), name=form
    )
    days = -((start - end) // _DAY)
    pieces = target.entry.runtime_data.account.export(target.device, start, end, form)
    size = await _async_save(
        call.hass,
        target,
        path,
        pieces,
        partial(_tell, call.hass, target, path, days),
    )
    return {
        target.device_id: {
            "name": target.device.name,
            "path": str(path),
            "days": days,
            "bytes": size,
        }
    }


def _tell(
    hass: HomeAssistant, target: Target, path: Path, days: int, done: int
) -> None:
    """Tell on the bus how many days are saved."""
    hass.bus.async_fire(
        EVENT_EXPORT,
        {
            ATTR_DEVICE_ID: target.device_id,
            _PATH: str(path),
            "days": days,
            "done": min(done, days),
        },
    )


async def _async_save(
    hass: HomeAssistant,
    target: Target,
    path: Path,
    pieces: AsyncIterator[bytes],
    tell: Callable[[int], None],
) -> int:
    """Write the pieces beside the file, and put them in its place; return their size."""
    beside = path.with_name(f"{path.name}.part")
    size = done = 0
    file: BinaryIO | None = None
    try:
        file = opened = await hass.async_add_executor_job(_open, beside)
        async for piece in pieces:
            size += len(piece)
            if size > _LARGEST_MB * _MEGABYTE:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="export_too_large",
                    translation_placeholders={
                        "limit": str(_LARGEST_MB),
                        "days": str(done),
                    },
                )
            await hass.async_add_executor_job(opened.write, piece)
            done += 1
            tell(done)
        await hass.async_add_executor_job(_put, opened, beside, path)
    except ApiError as err:
        raise async_failed(hass, target.entry, err) from err
    except OSError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="file_not_written",
            translation_placeholders={"path": str(path), "error": str(err.strerror)},
        ) from err
    finally:
        if file is not None:
            await hass.async_add_executor_job(_clear, file, beside)
    return size


def _open(path: Path) -> BinaryIO:
    """Begin to write a file."""
    return path.open("wb")


def _put(file: BinaryIO, beside: Path, path: Path) -> None:
    """Put what was written into its place."""
    file.close()
    beside.replace(path)


def _clear(file: BinaryIO, beside: Path) -> None:
    """Leave nothing of a file that was not finished."""
    file.close()
    with suppress(OSError):
        beside.unlink(missing_ok=True)
