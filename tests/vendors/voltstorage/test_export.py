"""The export as CSV, whatever it looks like."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.vendors.voltstorage.export import Table, samples_in

HEADER = [
    "Time",
    "Power_Grid",
    "Power_Household",
    "inverterPower",
    "Power_PV",
    "Power_Power Electronics",
    "SOC_State of Charge",
]
# The first and the sparse rows of the vendor's own example.
EXAMPLE = "\r\n".join(
    [
        "sep=,",
        ",".join(HEADER),
        "2020-03-25T12:20:41.562+00:00,-49.8754,815.662,433.105,432.432,433.105,0.611868",
        "2020-03-25T12:20:42.556+00:00,-71.7332,,,,,",
        "2020-03-25T12:20:56.558+00:00,,,,,,0.611628",
        "",
    ]
)

moments = st.datetimes(
    datetime(2018, 1, 1),
    datetime(2040, 1, 1),
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
numbers = st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
rows = st.lists(
    st.tuples(moments, st.lists(numbers, min_size=6, max_size=6)), max_size=12
)


def written(
    table: list[tuple[datetime, list[float | None]]],
    *,
    declared: str,
    used: str,
    minutes: int = 0,
) -> str:
    """Return an export, as the vendor writes it."""
    zone = timezone(timedelta(minutes=minutes))
    lines = [f"sep={declared}", declared.join(HEADER)]
    for moment, values in table:
        cells = ["" if value is None else f"{value}" for value in values]
        time = moment.astimezone(zone).isoformat(timespec="milliseconds")
        lines.append(used.join([time, *cells]))
    return "\r\n".join([*lines, ""])


def test_example() -> None:
    """The vendor's own example is read; an empty cell is no sample."""
    first, second, third = samples_in(EXAMPLE)
    assert first.time == datetime(2020, 3, 25, 12, 20, 41, 562000, UTC)
    assert first.values == dict(
        zip(
            HEADER[1:],
            (-49.8754, 815.662, 433.105, 432.432, 433.105, 0.611868),
            strict=True,
        )
    )
    assert second.values == {"Power_Grid": -71.7332}
    assert third.values == {"SOC_State of Charge": 0.611628}


@given(
    table=rows,
    declared=st.sampled_from([",", ";", "\t", "|", "::"]),
    mended=st.booleans(),
    minutes=st.integers(-840, 840),
)
def test_separators(
    table: list[tuple[datetime, list[float | None]]],
    declared: str,
    mended: bool,
    minutes: int,
) -> None:
    """Rows are read by whatever separates them, in whatever zone they are."""
    used = {True: declared, False: ","}[mended]
    text = written(table, declared=declared, used=used, minutes=minutes)
    assert [
        (sample.time, [sample.values.get(name) for name in HEADER[1:]])
        for sample in samples_in(text)
    ] == table


@given(table=rows, order=st.permutations(range(7)))
def test_columns_by_name(
    table: list[tuple[datetime, list[float | None]]], order: list[int]
) -> None:
    """The order of the columns does not matter."""
    lines = written(table, declared=",", used=",").splitlines()
    turned = [
        ",".join([line.split(",")[index] for index in order]) for line in lines[1:]
    ]
    assert list(samples_in("\n".join([*turned, ""]))) == list(
        samples_in("\n".join([*lines, ""]))
    )


@given(st.text())
def test_any_text(text: str) -> None:
    """No text at all is too much."""
    list(samples_in(text))


@given(st.integers(0, len(EXAMPLE)), st.text(max_size=5))
def test_broken_example(at: int, put: str) -> None:
    """A broken export loses rows, and never makes up a time."""
    for sample in samples_in(EXAMPLE[:at] + put + EXAMPLE[at:]):
        assert sample.time.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "\ufeff", "sep=,", "<html></html>", "a,b\n1,2"])
def test_nothing(text: str) -> None:
    """Where there is no header there are no rows."""
    assert Table(text).header == []
    assert list(samples_in(text)) == []


def test_cut_off() -> None:
    """A number that may lack digits is no number."""
    *_, last = samples_in(EXAMPLE.rstrip()[:-2])
    assert last.values == {}


def test_words_and_quotes() -> None:
    """A text in a cell is kept, and quotes are not part of it."""
    text = 'sep=;\n"Time";"Status"\n2021-01-12T00:00:00+01:00,"charging"\n'
    (sample,) = samples_in(text)
    assert sample.time == datetime(2021, 1, 11, 23, tzinfo=UTC)
    assert sample.values == {"Status": "charging"}
