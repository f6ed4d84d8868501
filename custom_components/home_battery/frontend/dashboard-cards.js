/** The cards of the dashboard: those of Home Assistant, and the one of our own. */

const CARD = "custom:home-battery-card";
const INTEGRATION = "/config/integrations/integration/home_battery";
const DAYS = 14;
const COLORS = {
  "sensor.battery_soc": "teal",
  "sensor.battery_power": "teal",
  "sensor.battery_energy_charged": "pink",
  "sensor.battery_energy_discharged": "teal",
  "sensor.pv_power": "amber",
  "sensor.pv_energy": "amber",
  "sensor.grid_power": "blue",
  "sensor.grid_energy_imported": "blue",
  "sensor.grid_energy_exported": "deep-purple",
  "sensor.load_power": "deep-purple",
};

/** Returns our card of a device with some of its sections. */
export function batteryCard(device, { flow = true, command = true, schedule = true }) {
  return {
    type: CARD,
    device: device.device_id,
    flow,
    command,
    schedule,
  };
}

/** Returns a heading, which leads to a page where it has one. */
export function heading(text, icon, path) {
  const leads = path && { action: "navigate", navigation_path: path };
  return { type: "heading", heading: text, icon, ...(leads ? { tap_action: leads } : {}) };
}

/** Returns a section of a page, none where it would have only its heading. */
export function section(cards, span = 1) {
  const shown = cards.filter(Boolean);
  if (shown.every(({ type }) => type === "heading")) return undefined;
  return { type: "grid", column_span: span, cards: shown };
}

/** Returns the entities with some keys that a device has. */
export function present({ entities }, keys) {
  return keys.map((key) => entities[key]).filter(Boolean);
}

/** Returns the entities with some keys that a device has, each in its colour in a graph. */
export function graphed({ entities }, keys) {
  return keys
    .filter((key) => entities[key])
    .map((key) => ({ entity: entities[key], color: COLORS[key] }));
}

/** Returns the entities of a device that are in some domains. */
export function within({ entities }, domains, isWanted = () => true) {
  return Object.keys(entities)
    .filter((key) => domains.includes(key.split(".")[0]) && isWanted(key))
    .sort((one, other) => rank(domains, one) - rank(domains, other))
    .map((key) => entities[key]);
}

function rank(domains, key) {
  return domains.indexOf(key.split(".")[0]);
}

/** Returns a tile for each entity. */
export function tiles({ hass }, entities) {
  return entities.map((entity) => ({ type: "tile", ...named(hass, entity) }));
}

/** Returns a list of entities and of further ones under a label, none where there are none. */
export function list({ hass }, entities, label, further) {
  const both = entities.length && further.length;
  const rows = [
    ...entities.map((entity) => named(hass, entity)),
    ...(both ? [{ type: "section", label }] : []),
    ...further.map((entity) => named(hass, entity)),
  ];
  return rows.length ? { type: "entities", entities: rows } : undefined;
}

/** Returns the course of entities over a day. */
export function course({ hass }, title, graphs) {
  if (!graphs.length) return undefined;
  return {
    type: "history-graph",
    title,
    hours_to_show: 24,
    entities: drawn(hass, graphs),
  };
}

/** Returns what counters have counted on each of the last days. */
export function daily({ hass }, title, graphs) {
  if (!graphs.length) return undefined;
  return {
    type: "statistics-graph",
    title,
    chart_type: "bar",
    period: "day",
    days_to_show: DAYS,
    stat_types: ["change"],
    entities: drawn(hass, graphs),
  };
}

/** Returns what a person can do who has no battery here yet. */
export function nothingFound(t) {
  return {
    type: "markdown",
    title: t("dashboard_nothing_title"),
    content: t("dashboard_nothing", { link: INTEGRATION }),
  };
}

function drawn(hass, graphs) {
  return graphs.map(({ entity, color }) => ({ ...named(hass, entity), color }));
}

/** Returns an entity with its own name, without that of its device. */
function named(hass, entity) {
  const state = hass.states[entity];
  const name = state && hass.formatEntityName?.(state, { type: "entity" });
  return name ? { entity, name } : { entity };
}
