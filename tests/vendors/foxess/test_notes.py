"""Where the vendor's known traps and its users' pains are met.

The rows are those of the Fox ESS notes: the headlines of section 0, and the
pains of section 5. Each names the tests that show how it ends here.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]

HEADLINES = {
    "scheduler v3": [
        "test_services.py::test_schedule_of_every_version",
        "vendors/foxess/test_schedule_codec.py::test_what_is_written_is_read",
    ],
    "the signature's separator is four characters": [
        "vendors/foxess/test_client.py::test_reads",
        "simulator/test_auth.py::test_line_breaks_do_not_sign",
    ],
    "setters echo their input, or do not": [
        "vendors/foxess/test_client.py::test_writes",
        "vendors/foxess/test_client.py::test_write_without_an_echo",
    ],
    "calls that are no longer documented": [
        "vendors/foxess/test_endpoints.py::test_no_call_is_missing",
        "simulator/test_extras.py::test_only_documented",
    ],
    "the words of the heat pumps' list": [
        "vendors/foxess/test_endpoints.py::test_no_call_is_missing",
        "test_call_api.py::test_every_read_answers",
    ],
    "what came since the document": [
        "vendors/foxess/test_endpoints.py::test_no_call_is_missing",
        "test_call_api.py::test_every_read_answers",
        "test_call_api.py::test_every_write_is_taken",
    ],
    "the largest power is the device's own": [
        "vendors/foxess/test_schedule_limits.py::test_power",
    ],
    "more work modes than five": [
        "vendors/foxess/test_schedule_codec.py::test_word_of",
        "vendors/foxess/test_schedule_limits.py::test_modes",
    ],
    "bearer calls are signed too": [
        "simulator/test_oauth.py::test_bearer_needs_the_rest",
    ],
}

PAINS = {
    "an outage takes every entity down and floods the log": [
        "test_entities.py::test_cloud_down",
        "vendors/foxess/test_codes.py::test_recovery",
    ],
    "the day's calls are spent": [
        "test_budget.py::test_calls_of_a_day",
        "test_writes.py::test_quota_issue_comes_and_goes",
        "test_writes.py::test_reads_leave_calls_for_writes",
    ],
    "new models refuse details, versions and wide queries": [
        "test_entities.py::test_models",
        "vendors/foxess/test_account.py::test_what_a_device_has_is_learned_once",
        "vendors/foxess/test_history.py::test_too_wide",
        "vendors/foxess/test_account.py::test_partial_settings",
    ],
    "energies jump, fall, or are yesterday's": [
        "battery/test_energy.py::test_never_falls_within_a_day",
        "test_entities.py::test_today_starts_anew_at_the_systems_midnight",
        "test_entities.py::test_glitch_is_dropped",
    ],
    "the yield is not the PV": [
        "vendors/foxess/test_readings.py::test_pv_energy_of_a_producer",
        "vendors/foxess/test_readings.py::test_every_system_has_the_common_readings",
    ],
    "inverters without a battery have empty totals and stale nights": [
        "vendors/foxess/test_readings.py::test_producer_without_a_meter",
        "test_entities.py::test_sleeping_inverter_is_no_problem",
    ],
    "the residual energy means something else on each firmware": [
        "vendors/foxess/test_variables.py::test_value",
        "test_entities.py::test_models",
    ],
    "no configuration in the UI": [
        "test_config_flow.py::test_create",
        "test_config_flow.py::test_reconfigure",
        "test_config_flow.py::test_options",
        "vendors/foxess/test_account.py::test_batches",
    ],
    "nothing can be set": [
        "test_writes.py::test_number",
        "test_writes.py::test_select",
        "test_time.py::test_draft_is_sent_with_the_switch",
        "test_services.py::test_schedule_round_trip",
    ],
    "second packs and many strings": [
        "test_entities.py::test_models",
        "vendors/foxess/test_readings.py::test_reading",
    ],
    "refused schedules": [
        "test_services_refused.py::test_bad_input_sends_nothing",
        "vendors/foxess/test_schedule_limits.py::test_power",
        "vendors/foxess/test_schedule_codec.py::test_foreign_parameters_are_never_sent",
    ],
    "limits are not as they were after a session": [
        "vendors/foxess/test_control.py::test_extras_of_the_device_survive",
        "test_services.py::test_limits_live_in_the_schedule",
        "test_services.py::test_schedule_round_trip",
    ],
    "a state of health that looks like an empty battery": [
        "test_entities.py::test_entities",
    ],
    "signs are mixed up": [
        "vendors/foxess/test_readings.py::test_signs_and_units",
        "test_entities.py::test_house_sums_its_systems",
    ],
    "entities vanish after an update, half kilowatts are lost": [
        "test_identity.py::test_unique_ids",
        "test_init.py::test_set_up_again_asks_only_for_readings",
        "vendors/foxess/test_schedule_limits.py::test_power",
    ],
}


@pytest.mark.parametrize(
    "tests", [*HEADLINES.values(), *PAINS.values()], ids=[*HEADLINES, *PAINS]
)
def test_the_tests_are_there(tests: list[str]) -> None:
    """No row names a test that is gone."""
    missing = []
    for test in tests:
        path, name = test.split("::")
        tree = ast.parse((TESTS / path).read_text())
        if name not in {
            node.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }:
            missing.append(test)
    assert missing == []


def test_every_row_is_there() -> None:
    """The notes have nine headlines and fifteen pains."""
    assert (len(HEADLINES), len(PAINS)) == (9, 15)
