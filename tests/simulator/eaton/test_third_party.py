"""A client that knows nothing of this project: the examples of the public documentation, sent by a common library."""

import asyncio
from collections.abc import Iterator
import json
from typing import Any

import pytest
import requests
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning

from .client import Client


class Curl:
    """What the documented command lines do."""

    def __init__(self, client: Client) -> None:
        """Begin without a token."""
        self.client = client
        self.session = requests.Session()
        self.session.verify = False
        self.session.trust_env = False
        self.token = ""

    async def send(self, method: str, path: str, data: str | None = None) -> Any:
        """Send a request as it stands in the documentation, and follow redirects."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = await asyncio.to_thread(
            self.session.request,
            method,
            f"{self.client.card.base_url}/api/{path}",
            data=data,
            headers=headers,
        )
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def curl(client: Client) -> Iterator[Curl]:
    """Return the documented command lines."""
    disable_warnings(InsecureRequestWarning)
    curl = Curl(client)
    yield curl
    curl.session.close()


SETTINGS = """{
    "settings": {
      "name": "REDACTED",
      "country": "2635167",
      "timezone": "Europe/London",
      "city": "REDACTED",
      "postalCode": "",
      "bmsBackupLevel": 19,
      "updateBlockedState": false,
      "defaultMode": {
        "command": "SET_FREQUENCY_REGULATION",
        "parameters": {
          "powerAllocation": 0,
          "optimalSoc": 28
        }
      },
      "energySavingMode": {
        "enabled": true,
        "houseConsumptionThreshold": 600
      }
    }
  }"""

COMMANDS = [
    '{ "command": "SET_BASIC_MODE", "duration": 2, "parameters": null }',
    """{ "command": "SET_CHARGE", "duration": 2,
         "parameters": { "power": 10, "soc": 90, "action": "ACTION_CHARGE" } }""",
    """{ "command": "SET_DISCHARGE", "duration": 2,
         "parameters": { "power": 5, "soc": 10, "action": "ACTION_DISCHARGE" } }""",
    '{ "command": "SET_MAXIMIZE_AUTO_CONSUMPTION", "duration": 2, "parameters": null }',
    """{ "command": "SET_VARIABLE_GRID_INJECTION", "duration": 2,
         "parameters": { "maximumPower": 0 } }""",
    """{ "command": "SET_FREQUENCY_REGULATION", "duration": 2,
         "parameters": { "powerAllocation": 0, "optimalSoc": 0 } }""",
    """{ "command": "SET_PEAK_SHAVING", "duration": 2,
         "parameters": { "maxHousePeakConsumption": 0 } }""",
]


async def sign_in(curl: Curl, **form: str) -> None:
    """Sign in as documented."""
    curl.token = ""
    answer = await curl.send("POST", "auth/signin", json.dumps(form))
    curl.token = answer["result"]["token"]


async def as_customer(curl: Curl) -> None:
    """Sign in as the customer."""
    user = curl.client.card.customer
    await sign_in(curl, username=user.name, pwd=user.password, userType="customer")


async def test_quick_start(curl: Curl) -> None:
    """The quick start of the documentation works for both accounts."""
    await as_customer(curl)
    status = await curl.send("GET", "device/status")
    assert status["message"] == "Content Ready"
    assert status["result"]["energyFlow"]["stateOfCharge"] > 0
    user = curl.client.card.technician
    device = await curl.send("GET", "device")
    await sign_in(
        curl,
        username=user.name,
        pwd=user.password,
        inverterSn=device["result"]["inverterSerialNumber"],
        email="anything@anything.com",
        userType="tech",
    )
    technical = await curl.send("GET", "technical/status")
    assert technical["result"]["gridCode"]


@pytest.mark.parametrize("path", ["settings/", "settings"])
async def test_settings(curl: Curl, path: str) -> None:
    """The documented settings are taken, also by the way round that lacks a slash."""
    await as_customer(curl)
    answer = await curl.send("PUT", path, SETTINGS)
    assert answer["successful"] is True
    told = (await curl.send("GET", "settings"))["result"]
    assert told["bmsBackupLevel"] == 19
    assert told["defaultMode"]["parameters"] == {"powerAllocation": 0, "optimalSoc": 28}
    assert told["energySavingMode"] == {
        "enabled": True,
        "houseConsumptionThreshold": 600,
    }


@pytest.mark.parametrize("command", COMMANDS)
async def test_commands(curl: Curl, command: str) -> None:
    """Each documented command is taken as it stands."""
    await as_customer(curl)
    answer = await curl.send("POST", "device/command", command)
    assert answer["result"]["duration"] == 2


@pytest.mark.parametrize(
    "path",
    [
        "config/state",
        "schedule/",
        "notifications/?status=NORMAL&size=4&offset=0",
        "notifications/unread?status=NORMAL",
        "metrics/?from=1781474400000&to=1781517600000",
        "metrics/daily?from=1781474400000&to=1781517600000",
        "metrics/export?from=1781474400000&to=1781517600000&field=DATE,GRID_INJECTION",
    ],
)
async def test_reads(curl: Curl, path: str) -> None:
    """Everything that is documented can be read."""
    await as_customer(curl)
    assert await curl.send("GET", path)


async def test_writes(curl: Curl) -> None:
    """Notifications are marked as read, and the inverter is switched off."""
    await as_customer(curl)
    answer = await curl.send("POST", "notifications/read/all")
    assert answer["message"] == "Successfully updated"
    off = '{ "parameters": { "state": false } }'
    assert await curl.send("POST", "device/power", off) == ""
