/** What a person is about to have a system do, before it is sent. */

import { dayOf, minuteOfDay } from "./clock.js";
import { lengthOf, piecesOn, timeOf } from "./day.js";

const MINUTE = 60_000;
const UNTOLD = ["unavailable", "unknown"];

/** The actions of the integration, by what a person begins. */
export const ACTIONS = {
  charge: "force_charge",
  hold: "hold",
  discharge: "force_discharge",
};

/** What a held battery is kept from. */
export const DIRECTIONS = ["discharge", "charge", "both"];

/** How an end is said: by the clock, by minutes, or by nothing but the target or a stop. */
export const ENDS = ["time", "duration", "open"];

/** Returns the number that an entity of a system shows. */
export function numberOf(hass, system, key) {
  const value = Number.parseFloat(hass.states[system.entities[key]]?.state);
  return Number.isFinite(value) ? value : undefined;
}

/** Returns the limits of a command's number as attributes of a field have them. */
export function limitsOf(hass, system, key, otherwise) {
  return { ...otherwise, ...hass.states[system.entities[key]]?.attributes };
}

/** Returns what the system's own numbers suggest for a command. */
export function draftOf(what, hass, system, zone) {
  const wish = (name) => numberOf(hass, system, `number.command_${name}`);
  const minutes = wish("duration") ?? 60;
  return {
    what,
    ending: minutes > 0 ? "duration" : "open",
    minutes: String(minutes || 60),
    time: clockText(minuteOfDay(new Date(), zone) + (minutes || 60)),
    target: what === "hold" ? "" : targetOf(what, hass, system),
    power: wish("power") > 0 ? String(wish("power")) : "",
    direction: DIRECTIONS[0],
  };
}

/** Returns the target that lies ahead: the one of the command, or the device's own limit. */
function targetOf(what, hass, system) {
  const keys = ["number.command_target_soc"].concat(
    what === "charge"
      ? ["number.max_soc"]
      : ["number.min_soc_on_grid", "number.min_soc"],
  );
  const targets = keys
    .map((key) => numberOf(hass, system, key))
    .filter((target) => target !== undefined);
  const found = targets.find((target) => isAhead(what, target, hass, system));
  return String(found ?? (what === "charge" ? 100 : (targets.at(-1) ?? "")));
}

/** Tells whether a target in % is still to be reached, as far as is known. */
export function isAhead(what, target, hass, system) {
  const soc = numberOf(hass, system, "sensor.battery_soc");
  if (soc === undefined) return true;
  return what === "charge" ? target > soc : target < soc;
}

/** Returns the data of the action that begins it. */
export function dataOf({ what, ending, minutes, time, target, power, direction }) {
  const data = {};
  if (ending === "time") data.end = time;
  if (ending === "duration") data.duration = Number(minutes);
  if (what === "hold") return { ...data, direction };
  if (target !== "") data.target_soc = Number(target);
  if (power !== "") data.power = Number(power);
  return data;
}

/** Returns the moment at which it will be over, null if no time says so. */
export function endOf({ ending, minutes, time }, zone, now = new Date()) {
  if (ending === "open") return null;
  const ahead =
    ending === "duration"
      ? Number(minutes)
      : lengthOf({ start: timeOf(minuteOfDay(now, zone)), end: time });
  return new Date(now.getTime() + ahead * MINUTE);
}

/** Returns the mode in which a system is at a moment if nothing is commanded. */
export function modeAt(hass, system, { schedule, time_zone: zone }, moment) {
  if (!schedule) return undefined;
  const period =
    schedule.enabled &&
    schedule.periods.find((one) => holds(one, moment, zone));
  if (period) return period.mode;
  const state = (key) => {
    const told = hass.states[system.entities[key]]?.state;
    return UNTOLD.includes(told) ? undefined : told;
  };
  const own = state("select.operating_mode");
  if (own) return own;
  return state("sensor.active_mode_source") === "device"
    ? state("sensor.active_mode")
    : undefined;
}

/** Tells whether a period is in force at a moment. */
function holds(period, moment, zone) {
  if (period.enabled === false) return false;
  const minute = minuteOfDay(moment, zone);
  return piecesOn(period, dayOf(moment, zone)).some(
    ({ start, end }) => start <= minute && minute < end,
  );
}

/** Returns "HH:MM", on the next full five minutes. */
const clockText = (minute) => timeOf(Math.ceil(minute / 5) * 5);
