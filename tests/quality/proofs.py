"""Which tests prove each rule of the quality scale."""

from collections.abc import Mapping
from typing import Final

# A test is named by its file, seen from `tests`, and its function.
PROOFS: Final[Mapping[str, tuple[str, ...]]] = {
    # Bronze
    "action-setup": (
        "test_code_rules.py::test_actions_are_registered_in_one_place",
        "test_manifest.py::test_actions_are_described",
        "quality/test_every_vendor.py::test_actions_of_an_unloaded_account",
    ),
    "appropriate-polling": (
        "quality/test_every_vendor.py::test_pace",
        "test_code_rules.py::test_no_one_is_asked_for_a_pace_or_a_name",
        "test_budget.py::test_calls_of_a_day",
        "vendors/growatt/test_budget.py::test_calls_of_a_day",
        "vendors/eaton/test_status.py::test_one_request_a_poll",
        "vendors/voltstorage/test_account.py::test_dead_cloud_is_asked_rarely",
    ),
    "brands": (
        "test_manifest.py::test_icon",
        "quality/test_repository.py::test_brand_images",
    ),
    "common-modules": (
        "test_code_rules.py::test_common_modules",
        "quality/test_code.py::test_coordinator_and_base_entity_have_their_module",
    ),
    "config-flow-test-coverage": (
        "quality/test_code.py::test_bars_of_coverage",
        "test_config_flow.py::test_error_recovers",
        "test_sign_in_flow.py::test_error_recovers",
        "vendors/eaton/test_flow.py::test_wrong_password_is_tried_once",
        "vendors/growatt/test_flow.py::test_error_recovers",
        "vendors/voltstorage/test_flow.py::test_cloud_that_fails",
        "test_options_flow.py::test_reserve_out_of_range",
    ),
    "config-flow": (
        "test_manifest.py::test_config_flow_is_there",
        "test_translations_flows.py::test_every_step_has_a_text",
        "test_translations_flows.py::test_fields_of_a_new_account",
        "test_translations_flows.py::test_fields_of_a_known_account",
        "test_translations_flows.py::test_fields_of_the_options",
        "test_translations.py::test_every_field_of_a_form_is_described",
        "quality/test_code.py::test_connection_and_options_are_apart",
    ),
    "dependency-transparency": (
        "quality/test_code.py::test_dependencies_come_with_home_assistant",
    ),
    "docs-actions": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_action_is_explained",
        "test_docs.py::test_field_of_an_action_is_explained",
        "test_docs.py::test_example_of_an_action_is_valid",
        "test_docs.py::test_there_are_examples",
    ),
    "docs-conditions": ("quality/test_code.py::test_no_triggers_and_no_conditions",),
    "docs-high-level-description": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
    ),
    "docs-installation-instructions": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_oldest_home_assistant_is_the_one_that_hacs_is_told",
    ),
    "docs-removal-instructions": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
    ),
    "docs-triggers": ("quality/test_code.py::test_no_triggers_and_no_conditions",),
    "entity-event-setup": (
        "quality/test_code.py::test_entities_listen_as_long_as_they_are_there",
    ),
    "entity-unique-id": (
        "quality/test_every_vendor.py::test_devices_and_entities",
        "test_code_rules.py::test_unique_ids_name_neither_domain_nor_platform",
        "test_identity.py::test_unique_ids",
    ),
    "has-entity-name": (
        "quality/test_every_vendor.py::test_devices_and_entities",
        "test_code_rules.py::test_entities_are_named_after_their_device",
    ),
    "runtime-data": (
        "test_code_rules.py::test_runtime_data_is_on_the_entry",
        "quality/test_code.py::test_entries_say_what_they_hold",
    ),
    "test-before-configure": (
        "quality/test_code.py::test_an_account_is_looked_for_before_it_is_added",
        "test_config_flow.py::test_error_recovers",
        "vendors/eaton/test_flow.py::test_nobody_there",
        "vendors/growatt/test_flow.py::test_invalid_token",
        "vendors/voltstorage/test_flow.py::test_mistake",
    ),
    "test-before-setup": (
        "test_init.py::test_not_ready",
        "quality/test_every_vendor.py::test_set_up_of_a_server_that_is_away",
        "quality/test_every_vendor.py::test_set_up_with_credentials_that_are_refused",
    ),
    "unique-config-entry": (
        "quality/test_code.py::test_an_account_is_looked_for_before_it_is_added",
        "test_config_flow.py::test_already_configured",
        "test_sign_in_flow.py::test_already_configured",
        "vendors/eaton/test_flow.py::test_second_time",
        "vendors/growatt/test_flow.py::test_already_configured",
        "vendors/voltstorage/test_flow.py::test_twice",
    ),
    # Silver
    "action-exceptions": (
        "quality/test_code.py::test_no_failure_is_swallowed",
        "test_code_rules.py::test_errors_for_people_are_translated",
        "test_services_refused.py::test_bad_input_sends_nothing",
        "test_services_refused.py::test_only_watch",
        "test_history_refused.py::test_vendor_errors",
        "test_writes.py::test_refused",
        "vendors/voltstorage/test_actions.py::test_steering_says_that_nothing_can_be_told",
    ),
    "config-entry-unloading": (
        "test_init.py::test_load_and_unload",
        "quality/test_every_vendor.py::test_an_account_goes_and_comes",
    ),
    "docs-configuration-parameters": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_field_of_a_form_is_explained",
    ),
    "docs-installation-parameters": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_field_of_a_form_is_explained",
        "test_docs.py::test_choice_is_explained",
    ),
    "entity-unavailable": (
        "quality/test_every_vendor.py::test_an_outage_is_said_once",
        "test_entities.py::test_cloud_down",
        "test_parts.py::test_part_goes_offline",
    ),
    "integration-owner": (
        "test_manifest.py::test_manifest_is_one_that_hassfest_takes",
    ),
    "log-when-unavailable": (
        "quality/test_every_vendor.py::test_an_outage_is_said_once",
        "test_entities.py::test_cloud_down",
    ),
    "parallel-updates": (
        "test_code_rules.py::test_platform_says_how_many_at_once",
        "test_writes.py::test_two_writers_take_turns",
    ),
    "reauthentication-flow": (
        "test_config_flow.py::test_reauth",
        "test_config_flow.py::test_reauth_with_another_account",
        "test_sign_in_flow.py::test_reauth",
        "vendors/eaton/test_flow.py::test_reauth",
        "vendors/growatt/test_flow.py::test_reauth",
        "vendors/growatt/test_flow.py::test_reauth_with_another_account",
        "vendors/voltstorage/test_flow.py::test_reauth",
        "vendors/voltstorage/test_flow.py::test_another_account",
    ),
    "test-coverage": ("quality/test_code.py::test_bars_of_coverage",),
    # Gold
    "devices": (
        "quality/test_every_vendor.py::test_devices_and_entities",
        "test_entities.py::test_devices",
    ),
    "diagnostics": (
        "quality/test_every_vendor.py::test_diagnostics",
        "test_diagnostics.py::test_diagnostics",
    ),
    "discovery-update-info": ("quality/test_code.py::test_nothing_is_discovered",),
    "discovery": ("quality/test_code.py::test_nothing_is_discovered",),
    "docs-data-update": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_intervals_are_the_ones_that_readme_tells",
    ),
    "docs-examples": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_example_automation_is_valid",
        "blueprints/test_blueprints.py::test_documents_list_them_all",
    ),
    "docs-known-limitations": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
    ),
    "docs-supported-devices": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "quality/test_repository.py::test_every_vendor_is_explained",
    ),
    "docs-supported-functions": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_entity_is_explained",
        "test_docs.py::test_mode_is_explained",
    ),
    "docs-troubleshooting": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
        "test_docs.py::test_error_is_quoted_as_it_is_said",
    ),
    "docs-use-cases": (
        "test_docs.py::test_readme_has_what_the_quality_scale_asks_for",
    ),
    "dynamic-devices": (
        "test_come_and_go.py::test_new_part",
        "test_come_and_go.py::test_new_inverter",
        "vendors/growatt/test_account.py::test_new_device",
    ),
    "entity-category": (
        "quality/test_described.py::test_what_is_set_up_once_is_a_matter_of_configuration",
        "test_entities.py::test_entities",
    ),
    "entity-device-class": (
        "quality/test_described.py::test_what_has_a_unit_has_a_device_class",
    ),
    "entity-disabled-by-default": (
        "quality/test_described.py::test_what_is_off_at_first_is_for_few",
        "quality/test_every_vendor.py::test_devices_and_entities",
        "test_entities.py::test_at_most_about_forty_entities",
        "vendors/eaton/test_status.py::test_few_entities_at_first",
    ),
    "entity-translations": (
        "quality/test_described.py::test_no_entity_is_named_in_code",
        "test_translations_entities.py::test_every_entity_has_a_name",
        "test_translations_entities.py::test_every_state_has_a_text",
        "test_translations.py::test_language_has_every_key",
    ),
    "exception-translations": (
        "test_code_rules.py::test_errors_for_people_are_translated",
        "test_translations_errors.py::test_every_exception_has_a_text",
        "test_translations_errors.py::test_exception_gets_what_its_text_names",
    ),
    "icon-translations": (
        "quality/test_described.py::test_no_entity_is_named_in_code",
        "quality/test_repository.py::test_icons_are_ones_that_hassfest_takes",
        "test_icons.py::test_icon_stands_where_no_device_class_has_one",
        "test_icons.py::test_state_has_an_icon_of_its_own",
    ),
    "reconfiguration-flow": (
        "test_config_flow.py::test_reconfigure",
        "test_sign_in_flow.py::test_from_a_key_to_signing_in_and_back",
        "vendors/eaton/test_flow.py::test_reconfigure_keeps_certificate_and_password",
        "vendors/growatt/test_flow.py::test_reconfigure",
        "vendors/voltstorage/test_flow.py::test_reconfigure",
    ),
    "repair-issues": (
        "test_clocks.py::test_fix",
        "vendors/eaton/test_recover.py::test_changed_certificate",
        "test_translations_errors.py::test_every_issue_has_a_text",
    ),
    "stale-devices": (
        "test_come_and_go.py::test_device_is_gone_for_good",
        "test_identity.py::test_remove_device",
    ),
    # Platinum
    "async-dependency": (
        "quality/test_code.py::test_dependencies_come_with_home_assistant",
    ),
    "inject-websession": ("test_code_rules.py::test_sessions_are_home_assistants",),
    "strict-typing": (
        "quality/test_code.py::test_types_are_strict",
        "quality/test_code.py::test_entries_say_what_they_hold",
    ),
}
# What is exempt, and by which words of its reason.
EXEMPT: Final[Mapping[str, str]] = {
    "async-dependency": "no dependencies",
    "dependency-transparency": "no dependencies",
    "discovery": "Nothing on the network announces",
    "discovery-update-info": "does not announce itself",
    "docs-conditions": "no conditions",
    "docs-triggers": "no triggers",
}
