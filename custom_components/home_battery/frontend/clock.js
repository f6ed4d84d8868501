/** What clocks show: the wall clock of a zone, and moments as people read them. */

import { DAY } from "./day.js";

const MINUTE = 60_000;

/** Returns the minute of the day that a clock in a zone shows at a moment. */
export function minuteOfDay(moment, zone) {
  const shown = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(moment);
  const part = (type) => Number(shown.find((one) => one.type === type).value);
  return part("hour") * 60 + part("minute");
}

/** Returns the moment at which a day began in a zone. */
export function midnight(zone, now = new Date()) {
  const minute = Math.floor(now.getTime() / MINUTE);
  const guess = minute - minuteOfDay(now, zone);
  // Where the clock was changed meanwhile, that is an hour before or after.
  const shown = minuteOfDay(new Date(guess * MINUTE), zone);
  const off = shown > DAY / 2 ? shown - DAY : shown;
  return new Date((guess - off) * MINUTE);
}

/** Returns the day of the week in a zone, "mon" to "sun". */
export function dayOf(moment, zone) {
  return new Intl.DateTimeFormat("en", { weekday: "short", timeZone: zone })
    .format(moment)
    .toLowerCase();
}

/** Returns a moment as a clock of a zone shows it, with the day where it is not near. */
export function momentText(t, moment, zone, now = new Date()) {
  const clock = t.clock(moment, zone);
  const far = moment - now >= DAY * MINUTE;
  return far ? `${t.day(dayOf(moment, zone))} ${clock}` : clock;
}
