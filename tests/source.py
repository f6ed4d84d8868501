"""The integration as its tests read it: its modules and its files."""

import ast
from pathlib import Path

from custom_components.home_battery import const
import homeassistant.components
from homeassistant.util.yaml import load_yaml_dict

# All integrations of Home Assistant.
CORE = Path(homeassistant.components.__path__[0])
INTEGRATION = Path(const.__file__).parent
SERVICES = load_yaml_dict(str(INTEGRATION / "services.yaml"))
SOURCES = {
    path.relative_to(INTEGRATION).as_posix(): ast.parse(path.read_text())
    for path in sorted(INTEGRATION.rglob("*.py"))
}


def everywhere[NodeT: ast.AST](kind: type[NodeT]) -> list[tuple[str, NodeT]]:
    """Return all parts of one kind, each with its module."""
    return [
        (module, node)
        for module, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, kind)
    ]


CALLS = everywhere(ast.Call)


def name_of(node: ast.expr) -> str:
    """Return the last name in what is called, raised or inherited."""
    if isinstance(node, ast.Subscript):
        return name_of(node.value)
    return ast.unparse(node).rpartition(".")[2]


def keywords(call: ast.Call) -> dict[str, ast.expr]:
    """Return the named arguments of a call."""
    return {word.arg: word.value for word in call.keywords if word.arg}
