/** What a system's day has to do with the moment: now, today, daylight, an override. */

import { dayOf, midnight, minuteOfDay } from "./clock.js";
import { DAY } from "./day.js";

const SUN = "sun.sun";
const DAY_AND_A_HALF = 36 * 60 * 60 * 1000;
const DAYLIGHT = { start: 7 * 60, end: 19 * 60 };

/** Returns the minute of the day that it is in a zone. */
export const nowIn = (zone) => minuteOfDay(new Date(), zone);

/** Returns the day of the week that it is in a zone, "mon" to "sun". */
export const todayIn = (zone) => dayOf(new Date(), zone);

/** Returns when it is light, in minutes of the day in a zone. */
export function daylightIn(zone, { states }) {
  const { next_rising: rising, next_setting: setting } = states[SUN]?.attributes ?? {};
  if (!rising || !setting) return DAYLIGHT;
  const at = (text) => minuteOfDay(new Date(text), zone);
  return { start: at(rising), end: at(setting) };
}

/** Returns the stretch of today in which an override runs or is planned to, if any. */
export function overrideToday(override, zone) {
  if (!override) return undefined;
  const from = midnight(zone);
  const tomorrow = midnight(zone, new Date(from.getTime() + DAY_AND_A_HALF));
  const at = (text) => {
    const moment = new Date(text);
    if (moment <= from) return 0;
    return moment >= tomorrow ? DAY : minuteOfDay(moment, zone);
  };
  const until = override.end ?? override.device_until;
  const start = at(override.start);
  const end = until ? at(until) : DAY;
  return end > start ? { mode: override.mode, start, end } : undefined;
}
