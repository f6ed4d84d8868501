"""The workflows: what they may do, what they use, and that all of it can be run here."""

import json
import os
from pathlib import Path
import re
from typing import Any

import pytest

from homeassistant.util.yaml import load_yaml_dict
from tests.test_manifest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS: dict[str, dict[Any, Any]] = {
    path.stem: load_yaml_dict(str(path))
    for path in sorted((GITHUB / "workflows").glob("*.yml"))
}
JOBS = {
    (workflow, name): job
    for workflow, content in WORKFLOWS.items()
    for name, job in content["jobs"].items()
}
STEPS = [step for job in JOBS.values() for step in job["steps"]]
HERE = (ROOT / ".ci" / "run").read_text()
# The checks that Home Assistant and HACS maintain have no versions.
UNVERSIONED = {"home-assistant/actions/hassfest@master", "hacs/action@main"}
# What only makes sense where a tag was pushed.
RELEASE = {
    "The manifest names the tag as its version",
    "Pack what HACS installs",
    "Publish",
}


def test_workflows() -> None:
    """There are those that are needed, and nothing else runs."""
    assert WORKFLOWS.keys() == {"release", "test", "validate"}


@pytest.mark.parametrize("workflow", ["test", "validate"])
def test_when_it_runs(workflow: str) -> None:
    """What is checked is checked on every change, now and then, and on demand."""
    # A key that is written on is read as a truth.
    when = WORKFLOWS[workflow][True]
    assert when.keys() == {"push", "pull_request", "schedule", "workflow_dispatch"}


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_nothing_is_permitted_to_all(workflow: str) -> None:
    """A job may do just what it says, and only the release may write."""
    assert WORKFLOWS[workflow]["permissions"] == {}


@pytest.mark.parametrize("job", JOBS, ids="-".join)
def test_job(job: tuple[str, str]) -> None:
    """A job ends some time, may only read, and leaves no credentials behind."""
    about = JOBS[job]
    assert 0 < about["timeout-minutes"] <= 30
    writes = {"contents": "write"} if job[0] == "release" else {"contents": "read"}
    assert about.get("permissions", writes) == writes
    checkouts = [step for step in about["steps"] if "checkout" in step.get("uses", "")]
    assert ("permissions" in about) == bool(checkouts)
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_actions_have_a_version() -> None:
    """Other people's actions are taken in one major version."""
    used = {step["uses"] for step in STEPS if "uses" in step}
    assert used >= UNVERSIONED
    assert [
        action
        for action in used - UNVERSIONED
        if not re.fullmatch(r"actions/[\w-]+@v\d+", action)
    ] == []


def test_what_runs_there_runs_here() -> None:
    """Each script of the workflows exists and is what `.ci/run` runs."""
    commands = {
        step["run"]
        for step in STEPS
        if "run" in step and step.get("name") not in RELEASE
    }
    assert commands == {
        command.removeprefix("step ")
        for command in re.findall(r"^(?:step )?scripts/.+$", HERE, re.MULTILINE)
    }
    assert all(os.access(ROOT / command.split()[0], os.X_OK) for command in commands)


def test_release_is_the_version_of_the_manifest() -> None:
    """A tag that is no version starts nothing, and one that is another one fails."""
    (job,) = WORKFLOWS["release"]["jobs"].values()
    names = [step.get("name", step.get("run")) for step in job["steps"]]
    assert WORKFLOWS["release"][True] == {"push": {"tags": ["[0-9]+.[0-9]+.[0-9]+*"]}}
    assert names.index("The manifest names the tag as its version") < names.index(
        "scripts/test"
    )
    assert names.index("scripts/test") < names.index("Publish")
    check = job["steps"][names.index("The manifest names the tag as its version")]
    assert '"$version" != "$TAG"' in check["run"]
    assert "exit 1" in check["run"]
    pack = job["steps"][names.index("Pack what HACS installs")]["run"]
    archive = json.loads((ROOT / "hacs.json").read_text())["filename"]
    assert f"--output {archive} HEAD:custom_components/home_battery" in pack
    assert f'"$TAG" {archive}' in job["steps"][names.index("Publish")]["run"]


@pytest.mark.parametrize(
    "form",
    sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")),
    ids=lambda path: path.stem,
)
def test_form_of_an_issue(form: Path) -> None:
    """A form is one that GitHub shows, and asks of each vendor."""
    about = load_yaml_dict(str(form))
    assert about.keys() in (
        {"blank_issues_enabled"},
        {"name", "description", "labels", "body"},
    )
    ids = [
        field["id"] for field in about.get("body", []) if field["type"] != "markdown"
    ]
    assert len(ids) == len(set(ids))
