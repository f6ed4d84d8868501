/** The pages of the dashboard. */

import {
  batteryCard,
  course,
  daily,
  graphed,
  heading,
  list,
  present,
  section,
  tiles,
  within,
} from "./dashboard-cards.js";

const ICONS = {
  house: "mdi:home-battery",
  system: "mdi:home-battery-outline",
  producer: "mdi:solar-power-variant-outline",
};
/** What is shown of a day: the entity, its name here, its icon and its colour. */
const TODAY = [
  ["sensor.pv_energy_today", "dashboard_pv", "mdi:solar-power-variant", "amber"],
  ["sensor.load_energy_today", "dashboard_house", "mdi:home", "light-blue"],
  ["sensor.battery_energy_charged_today", "dashboard_charged", "mdi:battery-arrow-up", "pink"],
  [
    "sensor.battery_energy_discharged_today",
    "dashboard_discharged",
    "mdi:battery-arrow-down",
    "teal",
  ],
  [
    "sensor.grid_energy_imported_today",
    "dashboard_imported",
    "mdi:transmission-tower-export",
    "blue",
  ],
  [
    "sensor.grid_energy_exported_today",
    "dashboard_exported",
    "mdi:transmission-tower-import",
    "deep-purple",
  ],
];
const POWERS = [
  "sensor.battery_power",
  "sensor.pv_power",
  "sensor.grid_power",
  "sensor.load_power",
];
const DAYS = [
  [
    "dashboard_battery",
    ["sensor.battery_energy_charged", "sensor.battery_energy_discharged"],
  ],
  ["dashboard_pv", ["sensor.pv_energy"]],
  ["dashboard_grid", ["sensor.grid_energy_imported", "sensor.grid_energy_exported"]],
];
const MEMBERS = {
  system: [
    "sensor.battery_soc",
    "sensor.battery_power",
    "sensor.pv_power",
    "binary_sensor.problem",
  ],
  producer: ["sensor.pv_power", "sensor.grid_power", "binary_sensor.problem"],
};
const STEERED = ["select", "number", "switch", "time", "button"];
const HEALTH = [
  "sensor.status",
  "binary_sensor.online",
  "binary_sensor.problem",
  "sensor.fault",
  "sensor.last_fault",
  "sensor.last_fault_at",
  "event.alert",
  "event.override",
];
const HALF = { grid_options: { columns: 12 } };
const FULL = { grid_options: { columns: "full" } };
const UPKEEP = ["sensor.last_data", "sensor.writes_today"];

/** Returns the page that shows every house, and every system that is in none. */
export function overview(context, tops, energy) {
  const { t } = context;
  return page({ title: t("dashboard_overview"), icon: "mdi:view-dashboard-outline" }, "overview", [
    ...tops.map((device) =>
      section([
        batteryCard(device, { schedule: false }),
        ...today(context, device),
      ]),
    ),
    energy &&
      section(
        [
          heading(t("dashboard_energy"), "mdi:lightning-bolt", "/energy"),
          { type: "energy-distribution", ...HALF },
          { type: "energy-usage-graph", ...HALF },
        ],
        2,
      ),
  ]);
}

/** Returns the page of a house, of a system, or of a producer of its own. */
export function pageOf(context, device) {
  const { t } = context;
  const { steerable } = device;
  const card = batteryCard(device, { schedule: false });
  const schedule = batteryCard(device, { flow: false, command: false });
  const sections = [
    section([card, ...(steerable ? [] : health(context, device))]),
    steerable && section([{ ...schedule, ...FULL }], 2),
    section(members(context, device), 2),
    section([
      heading(t("dashboard_history"), "mdi:chart-line"),
      course(context, t("dashboard_power"), graphed(device, POWERS)),
      course(context, t("dashboard_soc"), graphed(device, ["sensor.battery_soc"])),
    ]),
    section([
      heading(t("dashboard_days"), "mdi:chart-bar"),
      ...DAYS.map(([title, keys]) => daily(context, t(title), graphed(device, keys))),
    ]),
    steerable && section([...controls(context, device), ...health(context, device)]),
  ];
  const named = { title: device.title, icon: ICONS[device.role] };
  return { ...page(named, device.path, sections), subview: !device.top };
}

function page({ title, icon }, path, sections) {
  return {
    title,
    icon,
    show_icon_and_title: true,
    path,
    type: "sections",
    max_columns: 3,
    dense_section_placement: true,
    sections: sections.filter(Boolean),
  };
}

/** Returns what has been counted since midnight. */
function today({ t }, { entities }) {
  const counted = TODAY.filter(([key]) => entities[key]);
  if (!counted.length) return [];
  return [
    { type: "heading", heading_style: "subtitle", heading: t("dashboard_today") },
    ...counted.map(([key, name, icon, color]) => ({
      type: "tile",
      entity: entities[key],
      name: t(name),
      icon,
      color,
    })),
  ];
}

/** Returns what the members of a house do now. */
function members(context, { members: ids }) {
  return context.home
    .filter(({ device_id: id }) => ids.includes(id))
    .flatMap((member) => {
      const { title, role, path } = member;
      const now = tiles(context, present(member, MEMBERS[role]));
      const leads = role === "system" ? path : undefined;
      return now.length ? [heading(title, ICONS[role], leads), ...now] : [];
    });
}

/** Returns what can be set, with what belongs to a command below it. */
function controls(context, device) {
  const { t } = context;
  const isCommand = (key) => key.split(".")[1].startsWith("command");
  const shown = list(
    context,
    within(device, STEERED, (key) => !isCommand(key)),
    t("dashboard_command"),
    within(device, STEERED, isCommand),
  );
  return shown ? [heading(t("dashboard_controls"), "mdi:tune"), shown] : [];
}

/** Returns how a device is, and what it and its account have left of writes and calls. */
function health(context, device) {
  const { t, hass } = context;
  const calls = Object.values(hass.entities)
    .filter(
      ({ platform, translation_key: key, device_id: id }) =>
        platform === "home_battery" &&
        key === "calls_left" &&
        hass.devices[id]?.config_entries.includes(device.entry_id),
    )
    .map(({ entity_id: id }) => id);
  const shown = list(context, present(device, HEALTH), t("dashboard_upkeep"), [
    ...present(device, UPKEEP),
    ...calls,
  ]);
  return shown ? [heading(t("dashboard_health"), "mdi:heart-pulse"), shown] : [];
}
