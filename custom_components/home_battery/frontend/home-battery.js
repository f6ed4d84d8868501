/** What a dashboard loads: the card, its parts, and the dashboard's strategy. */

import { HomeBatteryCard } from "./card.js";
import "./strategy.js";

const CARD = "home-battery-card";
const TYPE = `custom:${CARD}`;

// What an entity has to be about for the card to be worth suggesting.
const TELLING = new Set([
  "battery_soc",
  "battery_power",
  "pv_power",
  "grid_power",
  "load_power",
  "active_mode",
  "command",
  "override",
  "schedule",
]);

if (!customElements.get(CARD)) customElements.define(CARD, HomeBatteryCard);

window.customCards ??= [];
window.customCards.push({
  type: CARD,
  name: "Home Battery",
  description: "Power flow, commands and schedule of a home battery",
  preview: true,
  documentationURL: "https://github.com/home-battery/home-battery#card",
  getEntitySuggestion(hass, entityId) {
    const entry = hass.entities[entityId];
    if (entry?.platform !== "home_battery" || !TELLING.has(entry.translation_key)) return null;
    return { config: { type: TYPE, device: entry.device_id } };
  },
});

window.customStrategies ??= [];
window.customStrategies.push({
  type: "home-battery",
  strategyType: "dashboard",
  name: "Home Battery",
  description: "All batteries and houses with flow, history, schedules and controls",
  documentationURL: "https://github.com/home-battery/home-battery#dashboard",
});
