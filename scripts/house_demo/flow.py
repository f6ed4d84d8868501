"""An account is added as a person adds it: step by step through the config flow."""

from collections.abc import Mapping
from typing import Any

from .client import Client
from .errors import DemoError

type Answers = Mapping[str, dict[str, Any]]

_FLOW = "/api/config/config_entries/flow"


async def add_account(client: Client, answers: Answers) -> str:
    """Walk through the flow with an answer to each step, and return the entry's id."""
    step = await client.request(
        "POST", _FLOW, {"handler": "home_battery", "show_advanced_options": False}
    )
    asked: set[str] = set()
    while step["type"] in ("menu", "form"):
        name = step["step_id"]
        if name not in answers:
            raise DemoError(f"the config flow asks for {name}")
        if name in asked:
            raise DemoError(f"the config flow refused {name}: {step.get('errors')}")
        asked.add(name)
        step = await client.request("POST", f"{_FLOW}/{step['flow_id']}", answers[name])
    if step["type"] != "create_entry":
        raise DemoError(
            f"the config flow ended with {step.get('reason', step['type'])}"
        )
    entry_id: str = step["result"]["entry_id"]
    return entry_id
