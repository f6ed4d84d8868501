"""What the systems of a house come to together."""

from dataclasses import replace

import pytest

from custom_components.home_battery.battery.house import Member, house_readings
from custom_components.home_battery.battery.model import Value

HYBRID: dict[str, Value] = {
    "battery_soc": 80.0,
    "battery_power": 1500.0,
    "battery_capacity": 12.0,
    "battery_capacity_usable": 10.0,
    "battery_energy_charged": 100.0,
    "battery_energy_discharged": 90.0,
    "battery_energy_stored": 9.6,
    "pv_power": 2000.0,
    "pv_energy": 500.0,
    "grid_power": -1000.0,
    "grid_energy_imported": 300.0,
    "grid_energy_exported": 200.0,
    "load_power": 9.0,
    "status": "running",
}
STORAGE: dict[str, Value] = {
    "battery_soc": 20.0,
    "battery_power": -500.0,
    "battery_capacity": 6.0,
    "battery_capacity_usable": 5.0,
    "battery_energy_charged": 40.0,
    "battery_energy_discharged": 30.0,
    "battery_energy_stored": 1.2,
    "grid_power": -1001.0,
    "grid_energy_imported": 299.0,
    "grid_energy_exported": 201.0,
}
ROOF: dict[str, Value] = {"pv_power": 700.0, "pv_energy": 50.0}


def member(
    key: str, values: dict[str, Value], *, silent: tuple[str, ...] = ()
) -> Member:
    """Return a member that is known to have all these, and does not tell some now."""
    present = {name: value for name, value in values.items() if name not in silent}
    return Member(key, present, frozenset(values))


MEMBERS = [member("a", HYBRID), member("b", STORAGE), member("c", ROOF)]


def test_sums_and_balance() -> None:
    """Batteries and PV are summed, the grid is one meter's, the load balances them."""
    assert house_readings(MEMBERS, {"a"}) == {
        "battery_soc": 60.0,
        "battery_power": 1000.0,
        "battery_capacity": 18.0,
        "battery_capacity_usable": 15.0,
        "battery_energy_charged": 140.0,
        "battery_energy_discharged": 120.0,
        "battery_energy_stored": 10.8,
        "pv_power": 2700.0,
        "pv_energy": 550.0,
        "grid_power": -1000.0,
        "grid_energy_imported": 300.0,
        "grid_energy_exported": 200.0,
        "load_power": 2700.0,
        "load_energy": 630.0,
    }


@pytest.mark.parametrize(
    ("meters", "expected"),
    [
        pytest.param({"b"}, -1001.0, id="the chosen one"),
        pytest.param(set(), -1000.0, id="the first that can"),
        pytest.param({"c"}, -1000.0, id="the chosen one has no meter"),
        pytest.param({"gone"}, -1000.0, id="the chosen one is gone"),
        pytest.param({"a", "b"}, -1000.0, id="the first of the chosen"),
    ],
)
def test_one_meter(meters: set[str], expected: float) -> None:
    """Grid power is never a sum."""
    assert house_readings(MEMBERS, meters)["grid_power"] == expected


def test_silent_meter_is_not_replaced_by_another() -> None:
    """While the meter says nothing there is no grid power, nor what hangs on it."""
    silent = ("grid_power", "grid_energy_imported", "grid_energy_exported")
    house = house_readings([member("a", HYBRID, silent=silent), *MEMBERS[1:]], {"a"})
    assert house.keys().isdisjoint({*silent, "load_power", "load_energy"})
    assert house["battery_power"] == 1000.0


def test_sum_without_a_member_is_not_told() -> None:
    """Half of a battery's power is no battery power; the others go on."""
    house = house_readings(
        [MEMBERS[0], member("b", STORAGE, silent=("battery_power",)), MEMBERS[2]], {"a"}
    )
    assert "battery_power" not in house
    assert house["pv_power"] == 2700.0


def test_load_without_a_member_is_not_told() -> None:
    """A load from a balance that lacks a battery would be wrong by its power."""
    house = house_readings(
        [MEMBERS[0], member("b", STORAGE, silent=("battery_power",)), MEMBERS[2]], {"a"}
    )
    assert "load_power" not in house
    assert house["load_energy"] == 630.0


def test_a_new_member_does_not_stand_in_for_a_missing_one() -> None:
    """What is not expected yet counts, but fills nobody's place."""
    members = [
        member("a", HYBRID, silent=("pv_power",)),
        Member("new", {"pv_power": 700.0}),
    ]
    assert "pv_power" not in house_readings(members, set())


def test_soc_without_a_member_is_not_told() -> None:
    """The SOC of the other batteries alone would jump."""
    members = [MEMBERS[0], member("b", STORAGE, silent=("battery_soc",))]
    assert "battery_soc" not in house_readings(members, {"a"})


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param({"battery_capacity_usable": 10.0}, {}, 50.0, id="one unknown"),
        pytest.param(
            {"battery_capacity": 30.0}, {"battery_capacity": 10.0}, 65.0, id="nominal"
        ),
        pytest.param(
            {"battery_capacity_usable": 0.0, "battery_capacity": 0.0},
            {"battery_capacity_usable": 0.0, "battery_capacity": 0.0},
            50.0,
            id="empty batteries",
        ),
    ],
)
def test_soc_weights(
    first: dict[str, Value], second: dict[str, Value], expected: float
) -> None:
    """A larger battery counts for more, where all are known; else all count the same."""
    members = [
        member("a", {"battery_soc": 80.0, **first}),
        member("b", {"battery_soc": 20.0, **second}),
    ]
    assert house_readings(members, set())["battery_soc"] == expected


def test_no_load_below_zero() -> None:
    """Records that are seconds apart may not balance; nobody uses less than nothing."""
    house = house_readings(
        [member("a", {"grid_power": -500.0, "pv_power": 400.0})], set()
    )
    assert house["load_power"] == 0.0


def test_no_members() -> None:
    """A house of which nothing is known has no readings."""
    assert house_readings([], set()) == {}


@pytest.mark.parametrize("value", ["text", None])
def test_number(value: str | None) -> None:
    """What is no number is none."""
    assert "x" not in Member("a", {"x": value} if value else {}).numbers


TOTALS: dict[str, Value] = {
    "battery_soc": 61.0,
    "battery_power": 1010.0,
    "pv_power": 2710.0,
    "grid_power": -990.0,
    "load_power": 2730.0,
}


def totals(*keys: str, silent: tuple[str, ...] = ()) -> Member:
    """Return a member that tells some totals of the others."""
    told = member("z", {key: TOTALS[key] for key in keys}, silent=silent)
    return replace(told, totals=True)


def test_totals_are_not_added() -> None:
    """Who tells what the others come to is no part of a sum, but has the better meter."""
    house = house_readings([*MEMBERS, totals(*TOTALS)], set())
    alone = house_readings(MEMBERS, set())
    assert house == {**alone, "grid_power": -990.0, "load_power": 2710.0}


def test_chosen_meter_comes_before_totals() -> None:
    """What a person chose counts, whoever else has a meter."""
    assert house_readings([*MEMBERS, totals(*TOTALS)], {"b"})["grid_power"] == -1001.0


def test_energies_of_the_grid_have_a_meter_of_their_own() -> None:
    """Where the meter of the power counts no energy, the first that does is taken."""
    house = house_readings([MEMBERS[1], totals("grid_power")], set())
    assert house["grid_power"] == -990.0
    assert (house["grid_energy_imported"], house["grid_energy_exported"]) == (299, 201)


def test_silent_totals_are_not_replaced() -> None:
    """While the better meter is silent there is no grid power; energies go on."""
    silent = totals(*TOTALS, silent=tuple(TOTALS))
    house = house_readings([*MEMBERS, silent], set())
    assert house.keys().isdisjoint({"grid_power", "load_power"})
    assert (house["battery_power"], house["load_energy"]) == (1000.0, 630.0)


def test_totals_stand_in() -> None:
    """What no other member has is taken from the totals, also when it is silent now."""
    roof = member("c", ROOF)
    house = house_readings([roof, totals("battery_power", "battery_soc")], set())
    assert (house["battery_power"], house["battery_soc"]) == (1010.0, 61.0)
    assert house["pv_power"] == 700.0
    silent = totals("battery_power", silent=("battery_power",))
    assert "battery_power" not in house_readings([roof, silent], set())


def test_load_from_totals() -> None:
    """Where nobody has a meter, the load is what is told of it."""
    assert house_readings([member("c", ROOF), totals("load_power")], set()) == {
        **ROOF,
        "load_power": 2730.0,
    }


@pytest.mark.parametrize(
    ("extra", "lost"),
    [
        (
            {"battery_power": -300.0},
            {"battery_energy_charged", "battery_energy_discharged", "load_energy"},
        ),
        ({"pv_power": 300.0}, {"pv_energy", "load_energy"}),
        (
            {"battery_soc": 30.0},
            {"battery_capacity", "battery_capacity_usable", "battery_energy_stored"},
        ),
    ],
    ids=["no battery energies", "no PV energy", "no capacity"],
)
def test_a_member_that_counts_nothing(extra: dict[str, Value], lost: set[str]) -> None:
    """A sum of energies without those of a battery or panels that count none is not told."""
    house = house_readings([*MEMBERS, member("d", extra)], set())
    assert set(house_readings(MEMBERS, set())) - set(house) == lost
