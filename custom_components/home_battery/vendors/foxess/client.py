"""The Fox ESS Open API: endpoints, signature and envelope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import hashlib
import logging
from typing import Any, Final

from ...battery.fields import number
from ...transport.clock import Clock
from ...transport.errors import (
    AuthenticationError,
    LimitError,
    QuotaError,
    SignatureError,
    TransientError,
    WatchOnlyError,
)
from ...transport.http import Http, Request
from ...transport.limiter import Limit, Limiter, Turn
from .errors import error_of_code, error_of_status
from .models import (
    AccessCount,
    DeviceDetail,
    DeviceEntry,
    Plant,
    RealTime,
    Scheduler,
    Setting,
    SocLimits,
)

_LOGGER = logging.getLogger(__name__)

DEFAULT_BASE_URL: Final = "https://www.foxesscloud.com"
MAX_BATCH: Final = 50

_PAGE_SIZE = 100
_MAX_PAGES = 50
_READ_SPACING = 1.0
_WRITE_SPACING = 2.0
_ATTEMPTS = 3
# A wrong clock or a hiccup explains a refused signature as well as a wrong key.
_SIGNATURE_PATIENCE = 3
# The four characters, not a line break: a real one is refused with 40256.
_SEPARATOR = r"\r\n"


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One call of the Open API.

    Attributes:
        method: GET or POST.
        path: The path that is signed.
        write: It changes something.
        urgent: It may use the calls that are kept for writes.
    """

    method: str
    path: str
    write: bool = False
    urgent: bool = False

    @property
    def limit(self) -> Limit:
        """Return the documented spacing: 1 s for queries, 2 s for changes."""
        return Limit(self.path, 1, _WRITE_SPACING if self.write else _READ_SPACING)


PLANT_LIST = Endpoint(method="POST", path="/op/v0/plant/list")
DEVICE_LIST = Endpoint(method="POST", path="/op/v0/device/list")
DEVICE_DETAIL = Endpoint(method="GET", path="/op/v1/device/detail")
REAL_TIME = Endpoint(method="POST", path="/op/v1/device/real/query")
SOC_GET = Endpoint(method="GET", path="/op/v0/device/battery/soc/get")
SOC_SET = Endpoint(method="POST", path="/op/v0/device/battery/soc/set", write=True)
SETTING_GET = Endpoint(method="POST", path="/op/v0/device/setting/get")
SETTING_SET = Endpoint(method="POST", path="/op/v0/device/setting/set", write=True)
# Urgent, or a spent day would never be found to be over.
ACCESS_COUNT = Endpoint(method="GET", path="/op/v0/user/getAccessCount", urgent=True)
SCHEDULER_GET = {
    version: Endpoint(method="POST", path=f"/op/v{version}/device/scheduler/get")
    for version in range(4)
}
SCHEDULER_SET = {
    version: Endpoint(
        method="POST", path=f"/op/v{version}/device/scheduler/enable", write=True
    )
    for version in range(4)
}
SCHEDULER_FLAG_SET = {
    version: Endpoint(
        method="POST", path=f"/op/v{version}/device/scheduler/set/flag", write=True
    )
    for version in range(2)
}


class FoxEssClient:
    """Typed access to the Open API with a private token.

    Every method raises ApiError: AuthenticationError if the token is refused,
    LimitError and QuotaError if the limits forbid the call, UnsupportedError if
    the device lacks it, RejectedError if the request is refused as it stands,
    TransientError for everything that may pass.
    """

    def __init__(
        self,
        http: Http,
        *,
        token: str,
        limiter: Limiter,
        clock: Clock,
        watch_only: bool = False,
        urgent: bool = False,
    ) -> None:
        """Keep the means; nothing is sent yet.

        Args:
            http: The server.
            token: The private token.
            limiter: The limits of the token.
            clock: The time.
            watch_only: No write may leave.
            urgent: Every call belongs to a write, and may use what is kept for
                writes of the day's calls.
        """
        self._http = http
        self._token = token
        self._limiter = limiter
        self._clock = clock
        self._watch_only = watch_only
        self._urgent = urgent
        self._refused_signatures = 0

    async def plants(self) -> list[Plant]:
        """Return every power station of the account."""
        return [Plant.parse(item) for item in await self._pages(PLANT_LIST)]

    async def devices(self) -> list[DeviceEntry]:
        """Return every inverter of the account."""
        return [DeviceEntry.parse(item) for item in await self._pages(DEVICE_LIST)]

    async def device_detail(self, serial: str) -> DeviceDetail:
        """Return what one inverter is and what is attached to it."""
        return DeviceDetail.parse(await self.call(DEVICE_DETAIL, {"sn": serial}))

    async def real_time(self, serials: Sequence[str]) -> list[RealTime]:
        """Return the latest record of up to 50 inverters in one call.

        An inverter may be left out of the answer, and a record that is none
        does not void the others.
        """
        result = await self.call(REAL_TIME, {"sns": list(serials)})
        if not isinstance(result, list):
            raise TransientError("The answer has no records")
        records = []
        for item in result:
            try:
                records.append(RealTime.parse(item))
            except TransientError as err:
                _LOGGER.debug("A record was left out: %s", err)
        return records

    async def soc_limits(self, serial: str) -> SocLimits:
        """Return the minimum SOC off and on grid in %."""
        return SocLimits.parse(await self.call(SOC_GET, {"sn": serial}))

    async def set_soc_limits(self, serial: str, limits: SocLimits) -> None:
        """Set both minimum SOCs; the vendor takes them together only."""
        await self.call(SOC_SET, {"sn": serial, **limits.as_wire()})

    async def setting(self, serial: str, key: str) -> Setting:
        """Return one setting of an inverter."""
        return Setting.parse(await self.call(SETTING_GET, {"sn": serial, "key": key}))

    async def set_setting(self, serial: str, key: str, value: str) -> None:
        """Set one setting of an inverter; the vendor wants text."""
        await self.call(SETTING_SET, {"sn": serial, "key": key, "value": value})

    async def scheduler(self, serial: str, version: int) -> Scheduler:
        """Return the mode scheduler through one version of its API."""
        result = await self.call(SCHEDULER_GET[version], {"deviceSN": serial})
        return Scheduler.parse(result, version)

    async def set_scheduler(self, serial: str, scheduler: Scheduler) -> None:
        """Replace all groups of the mode scheduler; its switch stays as it is."""
        await self.call(
            SCHEDULER_SET[scheduler.version],
            {"deviceSN": serial, **scheduler.as_wire()},
        )

    async def set_scheduler_flag(
        self, serial: str, version: int, *, enabled: bool
    ) -> None:
        """Turn the mode scheduler on or off through API version 0 or 1."""
        # The vendor refuses a JSON boolean here.
        await self.call(
            SCHEDULER_FLAG_SET[version], {"deviceSN": serial, "enable": int(enabled)}
        )

    async def access_count(self) -> AccessCount:
        """Return how many calls the account has a day, and has left."""
        return AccessCount.parse(await self.call(ACCESS_COUNT, {}))

    async def call(self, endpoint: Endpoint, params: Mapping[str, Any]) -> Any:
        """Make a call in its turn and return the envelope's result.

        Raises:
            WatchOnlyError: It is a write, and the person chose to watch.
            ApiError: As the class says.
        """
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

    async def _call(self, endpoint: Endpoint, params: Mapping[str, Any]) -> Any:
        """Make a call, again if another app on the same token was in its way."""
        turn = Turn(
            limits=(endpoint.limit,),
            urgent=self._urgent or endpoint.write or endpoint.urgent,
        )
        for attempt in range(1, _ATTEMPTS + 1):
            async with self._limiter.turn(turn):
                try:
                    return await self._send(endpoint, params)
                except QuotaError as err:
                    self._limiter.quota_gone(err.retry_after)
                    raise
                except LimitError as err:
                    if attempt == _ATTEMPTS:
                        raise
                    delay = err.retry_after
            await self._clock.sleep(delay)
        raise AssertionError("The last attempt returns or raises")

    async def _send(self, endpoint: Endpoint, params: Mapping[str, Any]) -> Any:
        """Send a request; a signature that is refused for long is a wrong key."""
        try:
            result = await self._exchange(endpoint, params)
        except SignatureError as err:
            self._refused_signatures += 1
            if self._refused_signatures < _SIGNATURE_PATIENCE:
                raise
            raise AuthenticationError(
                "The signature is refused time and again", code=err.code
            ) from err
        self._refused_signatures = 0
        return result

    async def _exchange(self, endpoint: Endpoint, params: Mapping[str, Any]) -> Any:
        """Sign and send one request, and open the envelope."""
        get = endpoint.method == "GET"
        response = await self._http.send(
            Request(
                method=endpoint.method,
                path=endpoint.path,
                query=params if get else {},
                body=None if get else params,
                headers=self._headers(endpoint.path),
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

    def _headers(self, path: str) -> dict[str, str]:
        """Return the signed headers (Fox ESS notes, 1.2 and 1.3)."""
        timestamp = str(int(self._clock.now().timestamp() * 1000))
        text = _SEPARATOR.join((path, self._token, timestamp))
        return {
            "token": self._token,
            "timestamp": timestamp,
            "signature": hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
            "lang": "en",
            "Content-Type": "application/json",
        }

    async def _pages(self, endpoint: Endpoint) -> list[Mapping[str, Any]]:
        """Return the items of all pages of a list."""
        items: list[Mapping[str, Any]] = []
        for page in range(1, _MAX_PAGES + 1):
            result = await self.call(
                endpoint, {"currentPage": page, "pageSize": _PAGE_SIZE}
            )
            data = result.get("data") if isinstance(result, dict) else None
            if not isinstance(data, list):
                raise TransientError("The answer has no list")
            items += [item for item in data if isinstance(item, dict)]
            if not data or len(items) >= (number(result.get("total")) or 0):
                break
        return items
