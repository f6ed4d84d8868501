/** The dashboard that builds itself: an overview, and a page for every house and system. */

import { overview, pageOf } from "./dashboard-pages.js";
import { nothingFound } from "./dashboard-cards.js";
import { isUnsent } from "./element.js";
import { systems } from "./link.js";
import { loadWords, words } from "./words.js";

const TAG = "ll-strategy-dashboard-home-battery";
const COUNT_EVERY = 5000;

class HomeBatteryDashboard extends HTMLElement {
  /** How many entities lived when a dashboard was last built. */
  static #lived = 0;

  /** When they were last counted, in milliseconds. */
  static #counted = 0;

  /** Whether a dashboard shows something else by now. */
  static #outdated = false;

  /** Tells whether a dashboard is to be built again, also where an account came up late. */
  static shouldRegenerate(_config, before, now) {
    if (before.entities !== now.entities || before.devices !== now.devices) {
      HomeBatteryDashboard.#outdated = true;
    } else if (Date.now() - HomeBatteryDashboard.#counted >= COUNT_EVERY) {
      // States change many times a second.
      HomeBatteryDashboard.#counted = Date.now();
      HomeBatteryDashboard.#outdated ||= living(now) > HomeBatteryDashboard.#lived;
    }
    // What a person has begun would be gone with its card.
    if (!HomeBatteryDashboard.#outdated ) return false;
    // It is put off as long as this is told again.
    HomeBatteryDashboard.#outdated = false;
    return true;
  }

  /** Returns the dashboard of all that is there. */
  static async generate(_config, hass) {
    HomeBatteryDashboard.#lived = living(hass);
    const [found, energy] = await Promise.all([
      systems(hass).catch(() => []),
      hasEnergyPage(hass),
      loadWords(hass),
    ]);
    const t = words(hass);
    const title = t("dashboard_title");
    if (!found.length) {
      const cards = [nothingFound(t)];
      const sections = [{ type: "grid", cards }];
      return { title, views: [{ title, path: "overview", type: "sections", sections }] };
    }
    const home = arranged(found, t);
    const shown = home.filter(({ role }) => role !== "part");
    const tops = shown.filter(({ top }) => top);
    const context = { hass, t, home };
    return {
      title,
      views: [
        overview(context, tops, energy),
        ...shown
          .filter(({ top, role }) => top || role === "system")
          .map((device) => pageOf(context, device)),
      ],
    };
  }
}

/** Returns how many entities have a state that is not only remembered. */
function living(hass) {
  return Object.values(hass.entities).filter(
    ({ platform, entity_id: id }) =>
      platform === "home_battery" &&
      hass.states[id] &&
      !hass.states[id].attributes.restored,
  ).length;
}

/** Tells whether the energy page has anything to show. */
async function hasEnergyPage(hass) {
  if (!hass.config.components.includes("energy")) return false;
  const preferences = await hass.callWS({ type: "energy/get_prefs" }).catch(() => null);
  return Boolean(preferences?.energy_sources.length);
}

/**
 * Returns the devices with what a dashboard needs of them.
 *
 * A house is only worth a place where it has several members. What is in no such house
 * stands at the top.
 */
function arranged(found, t) {
  const known = new Map(found.map((device) => [device.device_id, device]));
  const membersOf = ({ members }) => members.filter((id) => known.has(id));
  const isShown = (device) => device.role !== "house" || membersOf(device).length !== 1;
  const homeOf = (device) => {
    const house = known.get(device.house);
    return house && isShown(house) ? house : undefined;
  };
  const paths = new Set();
  return found.filter(isShown).map((device) => {
    const { name } = device;
    const shared = found.some(
      (other) =>
        other.vendor !== device.vendor && isShown(other) && other.name === name,
    );
    const title = shared
      ? t("dashboard_name", { name, vendor: device.vendor_name })
      : name;
    return {
      ...device,
      title,
      members: membersOf(device),
      top: device.role !== "part" && !homeOf(device),
      path: uniquePath(pathText(device, name), device.device_id, paths),
    };
  });
}

/** Returns what an address tells of a device, with its vendor once. */
function pathText({ vendor_name: vendor }, name) {
  return name.startsWith(vendor) ? name : `${vendor} ${name}`;
}

/** Returns a part of an address that no other page has. */
function uniquePath(text, id, taken) {
  const slug = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const path = taken.has(slug) ? `${slug}-${id}` : slug;
  taken.add(path);
  return path;
}

if (!customElements.get(TAG)) customElements.define(TAG, HomeBatteryDashboard);
