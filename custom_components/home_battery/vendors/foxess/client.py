"""The Fox ESS Open API: signature, envelope and typed answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
import logging
from typing import Any, Final

import orjson

from ...battery.fields import number
from ...transport.clock import Clock
from ...transport.errors import (
    AuthenticationError,
    ForbiddenError,
    LimitError,
    QuotaError,
    SignatureError,
    TransientError,
    WatchOnlyError,
)
from ...transport.http import Http, Request
from ...transport.limiter import Limiter, Turn
from ...transport.pages import Pages
from ...transport.told import sending
from ..endpoint import Access
from .credential import Credential
from .ems import EmsEntry
from .ems_settings import EmsSettings
from .endpoints import ENDPOINTS, FoxEssEndpoint
from .errors import (
    NoPermissionError,
    TokenRefusedError,
    WriteFailedError,
    error_of_code,
    error_of_status,
)
from .gmax import GmaxEntry, GmaxPlan, lowered
from .models import (
    AccessCount,
    DeviceDetail,
    DeviceEntry,
    Plant,
    RealTime,
    Scheduler,
    Setting,
    SocLimits,
    identity,
    mapping,
)
from .models_parts import PartEntry, Values, meter_settings
from .parameters import ChargeWindows, Heating, PeakShaving

_LOGGER = logging.getLogger(__name__)

DEFAULT_BASE_URL: Final = "https://www.foxesscloud.com"
MAX_BATCH: Final = 50

_PAGE_SIZE = 100
_MAX_PAGES = 50
_ATTEMPTS = 3
_WRITE_ATTEMPTS = 2
_WRITE_AGAIN_AFTER = 5.0
# A wrong clock or a hiccup explains a refused signature as well as a wrong key.
_SIGNATURE_PATIENCE = 3
# Permissions that are lacking for so long are no outage.
_DENIAL_PATIENCE = timedelta(days=1)


class FoxEssClient:
    """Typed access to the Open API.

    Every method raises ApiError: AuthenticationError if the credential is refused,
    LimitError and QuotaError if the limits forbid the call, UnsupportedError if
    the device lacks it, RejectedError if the request is refused as it stands,
    TransientError for everything that may pass.
    """

    def __init__(
        self,
        http: Http,
        *,
        credential: Credential,
        limiter: Limiter,
        clock: Clock,
        watch_only: bool = False,
        urgent: bool = False,
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            http: The server.
            credential: What calls are signed with.
            limiter: The limits of the credential.
            clock: The time.
            watch_only: No write may leave.
            urgent: Every call belongs to a write, and may use what is kept for
                writes of the day's calls.
        """
        self._http = http
        self._credential = credential
        self._limiter = limiter
        self._clock = clock
        self._watch_only = watch_only
        self._urgent = urgent
        self._refused_signatures = 0
        self._denied_since: datetime | None = None

    async def plants(self) -> list[Plant]:
        """Return every power station of the account."""
        return [Plant.parse(item) for item in await self._pages("plant_list")]

    async def devices(self) -> list[DeviceEntry]:
        """Return every inverter of the account."""
        return [DeviceEntry.parse(item) for item in await self._pages("device_list")]

    async def device_detail(self, serial: str) -> DeviceDetail:
        """Return what one inverter is and what is attached to it.

        An answer that does not say whose it is says nothing else that is sound.
        """
        result = await self.call("device_detail_v1", {"sn": serial})
        identity(mapping(result), "deviceSN")
        return DeviceDetail.parse(result)

    async def real_time(self, serials: Sequence[str]) -> list[RealTime]:
        """Return the latest record of up to 50 inverters in one call.

        An inverter may be left out of the answer, and a record that is none
        does not void the others.
        """
        result = await self.call("device_real_time_v1", {"sns": list(serials)})
        return _records(result, "deviceSN")

    async def ems_list(self) -> list[EmsEntry]:
        """Return every EMS of the account."""
        return _readable(EmsEntry.parse, await self._pages("ems_list"))

    async def ems_real_time(
        self, serials: Sequence[str], variables: Sequence[str]
    ) -> list[RealTime]:
        """Return the latest record of up to 50 EMS; the vendor wants variables named."""
        body = {"sns": list(serials), "variables": list(variables)}
        return _records(await self.call("ems_real_time", body), "emsSN")

    async def ems_settings[GroupT: EmsSettings](
        self, group: type[GroupT], serial: str
    ) -> GroupT:
        """Return one group of the settings of an EMS."""
        return group.parse(await self.call(f"{group.endpoint}_get", {"sn": serial}))

    async def set_ems_settings(self, serial: str, group: EmsSettings) -> None:
        """Set one group of the settings of an EMS; the vendor takes it whole only."""
        await self.call(f"{group.endpoint}_set", {"sn": serial, **group.as_wire()})

    async def gmax_list(self) -> list[GmaxEntry]:
        """Return every GMAX of the account."""
        return _readable(GmaxEntry.parse, await self._pages("gmax_list"))

    async def gmax_real_time(self, serial: str) -> Mapping[str, object]:
        """Return what a GMAX last told, by the vendor's names in lower case."""
        return lowered(await self.call("gmax_real_time", {"sn": serial}))

    async def gmax_plan(self, serial: str) -> GmaxPlan:
        """Return by which plan a GMAX charges and discharges."""
        return GmaxPlan.parse(await self.call("gmax_peak_valley_get", {"sn": serial}))

    async def loggers(self) -> list[PartEntry]:
        """Return every data logger of the account."""
        return await self._parts(PartEntry.logger, "module_list")

    async def meters(self) -> list[PartEntry]:
        """Return every gateway meter of the account."""
        return await self._parts(PartEntry.meter, "meter_list")

    async def meter_settings(self, serial: str) -> Values:
        """Return the settings of a gateway meter, as readings."""
        return meter_settings(await self.call("meter_setting_get", {"sn": serial}))

    async def heat_pumps(self) -> list[PartEntry]:
        """Return every heat pump of the account, which an empty serial stands for."""
        return await self._parts(PartEntry.heat_pump, "heat_pump_list", {"sn": ""})

    async def soc_limits(self, serial: str) -> SocLimits:
        """Return the minimum SOC off and on grid in %."""
        return SocLimits.parse(await self.call("battery_soc_get", {"sn": serial}))

    async def set_soc_limits(self, serial: str, limits: SocLimits) -> None:
        """Set both minimum SOCs; the vendor takes them together only."""
        await self.call("battery_soc_set", {"sn": serial, **limits.as_wire()})

    async def setting(self, serial: str, key: str) -> Setting:
        """Return one setting of an inverter."""
        return Setting.parse(await self.call("setting_get", {"sn": serial, "key": key}))

    async def set_setting(self, serial: str, key: str, value: str) -> None:
        """Set one setting of an inverter; the vendor wants text."""
        await self.call("setting_set", {"sn": serial, "key": key, "value": value})

    async def peak_shaving(self, serial: str) -> PeakShaving:
        """Return from which import and down to which SOC the battery cuts peaks."""
        return PeakShaving.parse(await self.call("peak_shaving_get", {"sn": serial}))

    async def set_peak_shaving(self, serial: str, peak_shaving: PeakShaving) -> None:
        """Set both numbers; the vendor takes them together only."""
        await self.call("peak_shaving_set", {"sn": serial, **peak_shaving.as_wire()})

    async def charge_windows(self, serial: str) -> ChargeWindows:
        """Return the windows in which the battery is charged from the grid."""
        result = await self.call("force_charge_time_get", {"sn": serial})
        return ChargeWindows.parse(result)

    async def set_charge_windows(self, serial: str, windows: ChargeWindows) -> None:
        """Set both windows; the vendor takes them together only."""
        await self.call("force_charge_time_set", {"sn": serial, **windows.as_wire()})

    async def heating(self, serial: str) -> Heating:
        """Return when and from which temperature the battery is heated."""
        return Heating.parse(await self.call("battery_heating_get", {"sn": serial}))

    async def set_heating(self, serial: str, heating: Heating) -> None:
        """Set everything about the heating; the vendor takes it together only."""
        await self.call("battery_heating_set", {"sn": serial, **heating.as_wire()})

    async def scheduler(self, serial: str, version: int) -> Scheduler:
        """Return the mode scheduler through one version of its API."""
        result = await self.call(f"scheduler_get_v{version}", {"deviceSN": serial})
        return Scheduler.parse(result, version)

    async def set_scheduler(self, serial: str, scheduler: Scheduler) -> None:
        """Replace all groups of the mode scheduler; its switch stays as it is."""
        await self.call(
            f"scheduler_set_v{scheduler.version}",
            {"deviceSN": serial, **scheduler.as_wire()},
        )

    async def set_scheduler_flag(
        self, serial: str, version: int, *, enabled: bool
    ) -> None:
        """Turn the mode scheduler on or off through API version 0 or 1."""
        # The vendor refuses a JSON boolean here.
        await self.call(
            f"scheduler_flag_set_v{version}",
            {"deviceSN": serial, "enable": int(enabled)},
        )

    async def access_count(self) -> AccessCount:
        """Return how many calls the account has a day, and has left."""
        return AccessCount.parse(await self.call("access_count", {}))

    async def call(self, name: str, params: Mapping[str, Any]) -> Any:
        """Make a call of the table in its turn and return the envelope's result.

        Raises:
            ForbiddenError: It is one that is refused to everybody.
            WatchOnlyError: It is a write, and the person chose to watch.
            ApiError: As the class says.
        """
        endpoint = ENDPOINTS[name]
        if endpoint.access_with(params) is Access.REFUSED:
            raise ForbiddenError("Nobody is given this call")
        if not endpoint.write:
            return await self._limiter.shared(
                f"{endpoint.path} {sorted(params.items())}",
                lambda: self._call(endpoint, params),
            )
        if self._watch_only:
            raise WatchOnlyError("Only watching was chosen")
        try:
            return await self._call(endpoint, params)
        finally:
            self._limiter.part_flights()

    async def _call(self, endpoint: FoxEssEndpoint, params: Mapping[str, Any]) -> Any:
        """Make a call, once more if its key has run out meanwhile.

        Nothing was done for a key that was refused, so that goes for writes too.
        """
        key = await self._credential.key()
        try:
            return await self._call_with(key, endpoint, params)
        except TokenRefusedError:
            if (newer := await self._credential.instead_of(key)) is None:
                raise
        return await self._call_with(newer, endpoint, params)

    async def _call_with(
        self, key: str, endpoint: FoxEssEndpoint, params: Mapping[str, Any]
    ) -> Any:
        """Make a call, again if another app or the inverter's silence was in its way."""
        turn = Turn(
            limits=(endpoint.limit,),
            urgent=self._urgent or endpoint.write or endpoint.urgent,
        )
        for attempt in range(1, _ATTEMPTS + 1):
            async with self._limiter.turn(turn):
                try:
                    return await self._send(key, endpoint, params)
                except QuotaError as err:
                    self._limiter.quota_gone(err.retry_after)
                    raise
                except LimitError as err:
                    if attempt == _ATTEMPTS:
                        raise
                    delay = err.retry_after
                except WriteFailedError:
                    if attempt == _WRITE_ATTEMPTS:
                        raise
                    delay = _WRITE_AGAIN_AFTER
            await self._clock.sleep(delay)
        raise AssertionError("The last attempt returns or raises")

    async def _send(
        self, key: str, endpoint: FoxEssEndpoint, params: Mapping[str, Any]
    ) -> Any:
        """Send a request; what is refused for long is no hiccup but the credentials."""
        try:
            with sending(key, params):
                result = await self._exchange(key, endpoint, params)
        except SignatureError as err:
            self._refused_signatures += 1
            if self._refused_signatures < _SIGNATURE_PATIENCE:
                raise
            raise AuthenticationError(
                "The signature is refused time and again", code=err.code
            ) from err
        except NoPermissionError as err:
            now = self._clock.now()
            self._denied_since = self._denied_since or now
            if now - self._denied_since < _DENIAL_PATIENCE:
                raise
            raise AuthenticationError(
                "The account lacks permission for everything", code=err.code
            ) from err
        self._refused_signatures = 0
        self._denied_since = None
        return result

    async def _exchange(
        self, key: str, endpoint: FoxEssEndpoint, params: Mapping[str, Any]
    ) -> Any:
        """Sign and send one request, and open the envelope."""
        timestamp = str(int(self._clock.now().timestamp() * 1000))
        response = await self._http.send(
            Request(
                method=endpoint.method,
                path=endpoint.path,
                query=_as_query(params) if endpoint.in_query else {},
                body=None if endpoint.in_query else params,
                headers=self._credential.headers(endpoint.path, key, timestamp)
                if endpoint.signed
                else {},
            )
        )
        if (error := error_of_status(response.status)) is not None:
            raise error
        envelope = response.json()
        if not isinstance(envelope, dict) or not isinstance(
            code := envelope.get("errno"), int
        ):
            raise TransientError("The answer has no envelope")
        if code:
            raise error_of_code(
                code, str(envelope.get("msg", "")), write=endpoint.write
            )
        return envelope.get("result")

    async def _parts(
        self,
        parse: Callable[[object], PartEntry],
        name: str,
        params: Mapping[str, Any] | None = None,
    ) -> list[PartEntry]:
        """Return what can be read of a list; one of which nothing can is no empty one."""
        items = await self._pages(name, params)
        entries = _readable(parse, items)
        if items and not entries:
            raise TransientError("The answer has no row that can be read")
        return entries

    async def _pages(
        self, name: str, params: Mapping[str, Any] | None = None
    ) -> list[Mapping[str, Any]]:
        """Return the items of all pages of a list."""
        items: list[Mapping[str, Any]] = []
        pages = Pages()
        for page in range(1, _MAX_PAGES + 1):
            result = await self.call(
                name, {"currentPage": page, "pageSize": _PAGE_SIZE, **(params or {})}
            )
            data = result.get("data") if isinstance(result, dict) else None
            if not isinstance(data, list):
                raise TransientError("The answer has no list")
            items += [item for item in pages.take(data) if isinstance(item, dict)]
            if not data or len(items) >= (number(result.get("total")) or 0):
                break
        return items


def _records(result: object, name: str) -> list[RealTime]:
    """Return the records of an answer, which names their devices so."""
    if not isinstance(result, list):
        raise TransientError("The answer has no records")
    return _readable(partial(RealTime.parse, name=name), result)


def _readable[T](parse: Callable[[object], T], items: Iterable[object]) -> list[T]:
    """Return the items that can be read; one that cannot does not void the others."""
    read = []
    for item in items:
        try:
            read.append(parse(item))
        except TransientError as err:
            _LOGGER.debug("A part of an answer was left out: %s", err)
    return read


def _as_query(params: Mapping[str, Any]) -> dict[str, str]:
    """Return parameters as text, what is no text as JSON."""
    return {
        key: value if isinstance(value, str) else orjson.dumps(value).decode()
        for key, value in params.items()
    }
