/**
 * A schedule's day in minutes: periods, their pieces, and how people change them.
 *
 * Periods have the form in which they are told and sent: times as "HH:MM", `days`
 * as the days on which they start. An end that is not after its start lies on the
 * next day; equal times mean 24 hours.
 */

export const DAY = 1440;
export const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const NUMBERS = ["power", "target_soc", "min_soc", "max_soc"];

// What people want to know of a period even where it is what the device takes anyway.
const MAIN = ["power", "target_soc"];

const ADDED_MINUTES = 120;
const GRID_MINUTES = 15;

const KINDS = {
  force_charge: "charge",
  foxess_force_charge_bat: "charge",
  force_discharge: "discharge",
  foxess_force_discharge_bat: "discharge",
  hold: "hold",
  backup: "hold",
  growatt_battery_first: "hold",
  self_consumption: "own",
  feed_in_first: "own",
  growatt_load_first: "own",
  eaton_basic: "own",
};

/** Returns the kind of a mode, by which it is coloured and drawn. */
export const kindOf = (mode) => KINDS[mode] ?? "other";

/** Returns the minute of the day of a time "HH:MM". */
export function minuteOf(text) {
  const [hours, minutes] = text.split(":").map(Number);
  return hours * 60 + minutes;
}

/** Returns the time "HH:MM" of a minute, whichever day it lies on. */
export function timeOf(minute) {
  const wrapped = within(minute, DAY);
  const two = (value) => String(value).padStart(2, "0");
  return `${two(Math.floor(wrapped / 60))}:${two(wrapped % 60)}`;
}

const within = (value, size) => ((value % size) + size) % size;

/** Returns how many minutes a period lasts. */
export function lengthOf({ start, end }) {
  return within(minuteOf(end) - minuteOf(start) - 1, DAY) + 1;
}

/** Returns the day of the week before or after another. */
export function shifted(day, by) {
  return WEEK[within(WEEK.indexOf(day) + by, 7)];
}

/**
 * Returns the parts of a period that lie on a day, in minutes of that day.
 *
 * The one that is `later` began the day before, the one that `goesOn` ends the day after.
 */
export function piecesOn(period, day) {
  const { days } = period;
  const start = minuteOf(period.start);
  const end = start + lengthOf(period);
  const goesOn = end > DAY;
  const pieces = [];
  if (days.includes(day)) {
    pieces.push({ start, end: Math.min(end, DAY), later: false, goesOn });
  }
  if (goesOn && days.includes(shifted(day, -1))) {
    pieces.push({ start: 0, end: end - DAY, later: true, goesOn: false });
  }
  return pieces;
}

/** Returns the days that a device does not tell apart from one, and that one. */
export function daysWith(day, { day_groups: groups }) {
  const index = WEEK.indexOf(day);
  return groups.find((group) => group.includes(index))?.map((each) => WEEK[each]) ?? [day];
}

/** Returns the step in minutes on which people move times. */
export function gridOf({ minute_step: step }) {
  return Math.ceil(GRID_MINUTES / step) * step;
}

/** Returns the minute on the grid next to another. */
export const snapped = (minute, grid) => Math.round(minute / grid) * grid;

/** Returns the first minute on the grid after another, or before it. */
export function stepped(minute, direction, grid) {
  return direction > 0
    ? Math.floor(minute / grid) * grid + grid
    : Math.ceil(minute / grid) * grid - grid;
}

/** Returns a period that starts at a minute and lasts as long as before. */
export function movedTo(period, start) {
  return { ...period, start: timeOf(start), end: timeOf(start + lengthOf(period)) };
}

/**
 * Returns a period with one of its edges at a minute.
 *
 * It stays within a grid step and a day of length: the edge does not pass the other.
 */
export function withEdge(period, edge, minute, grid) {
  const start = minuteOf(period.start);
  const length = lengthOf(period);
  const bounded = (value) => Math.min(Math.max(value, grid), DAY);
  if (edge === "start") {
    const end = start + length;
    return { ...period, start: timeOf(end - bounded(end - minute)) };
  }
  return { ...period, end: timeOf(start + bounded(minute - start)) };
}

/** Returns the stretch of a day round a minute in which no period lies, if there is one. */
export function gapAt(periods, day, minute) {
  return gapsOn(periods, [day]).find(({ start, end }) => start <= minute && minute < end);
}

/** Returns the stretches in which no period lies on any of some days. */
function gapsOn(periods, days) {
  const taken = days
    .flatMap((day) => periods.flatMap((period) => piecesOn(period, day)))
    .sort((one, other) => one.start - other.start);
  const gaps = [];
  let from = 0;
  for (const { start, end } of taken) {
    if (start > from) gaps.push({ start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < DAY) gaps.push({ start: from, end: DAY });
  return gaps;
}

/** Returns where a period is added that nobody has drawn: after a minute if possible. */
export function roomOn(periods, days, after, grid) {
  const gaps = gapsOn(periods, days).map(({ start, end }) => ({
    start: Math.ceil(start / grid) * grid,
    end: end === DAY ? DAY : Math.floor(end / grid) * grid,
  }));
  const begin = stepped(after, 1, grid);
  const later = gaps.map(({ start, end }) => ({ start: Math.max(start, begin), end }));
  const size = ({ start, end }) => end - start;
  const room =
    later.find((gap) => size(gap) >= ADDED_MINUTES) ??
    gaps.find((gap) => size(gap) >= ADDED_MINUTES) ??
    gaps.reduce((best, gap) => (size(gap) > size(best) ? gap : best), { start: 0, end: 0 });
  if (size(room) < grid) return { start: begin % DAY, end: (begin % DAY) + ADDED_MINUTES };
  return { start: room.start, end: Math.min(room.end, room.start + ADDED_MINUTES) };
}

/** Returns what a period of a mode can say on a device. */
export function modeOf(capabilities, mode) {
  return capabilities.modes[mode] ?? {};
}

/** Returns the range of a field in periods of a mode, undefined if it has none. */
export function rangeOf(capabilities, mode, name) {
  const can = modeOf(capabilities, mode);
  return can[name] ? (can.ranges?.[name] ?? capabilities[name] ?? undefined) : undefined;
}

/**
 * Returns a period in a mode, with the numbers that the mode has.
 *
 * What the device holds once for all periods of a mode comes from another one, and
 * what a period has to say from the device's default.
 */
export function inMode(period, mode, capabilities, others = []) {
  const { shared = [], required = [], defaults = {} } = modeOf(capabilities, mode);
  const twin = others.find((other) => other.mode === mode);
  const numbers = {};
  for (const name of NUMBERS) {
    const range = rangeOf(capabilities, mode, name);
    if (!range) continue;
    const needed = defaults[name] ?? (name === "min_soc" ? range.minimum : range.maximum);
    const own = period[name] ?? (required.includes(name) ? needed : undefined);
    const value = twin && shared.includes(name) ? twin[name] : own;
    if (value !== undefined) numbers[name] = value;
  }
  const { power, target_soc, min_soc, max_soc, ...rest } = period;
  return { ...rest, mode, ...numbers };
}

/** Returns a new period at a stretch of a day, in the mode that people most likely want. */
export function added(periods, day, { start, end }, capabilities) {
  const words = Object.keys(capabilities.modes);
  const count = (mode) => periods.filter((period) => period.mode === mode).length;
  const free = words.filter(
    (mode) => count(mode) < (capabilities.periods_of_mode[mode] ?? Infinity),
  );
  const mode = free.includes("force_charge") ? "force_charge" : (free[0] ?? words[0]);
  const period = { start: timeOf(start), end: timeOf(end), mode, enabled: true };
  const alone = (on) =>
    gapsOn(periods, [on]).some((gap) => gap.start <= start && end <= gap.end);
  const days = WEEK.filter((on) => on === day || alone(on));
  return inMode({ ...period, days: capabilities.days ? days : WEEK }, mode, capabilities, periods);
}

/**
 * Returns the numbers of a period that are worth telling.
 *
 * What it leaves open is what the device takes then; limits that hold anyway are left out.
 */
export function toldNumbers(period, capabilities) {
  const { defaults = {}, ...can } = modeOf(capabilities, period.mode);
  return Object.fromEntries(
    NUMBERS.map((name) => [name, period[name] ?? (can[name] ? defaults[name] : undefined)]).filter(
      ([name, value]) =>
        value !== undefined && (MAIN.includes(name) || value !== defaults[name]),
    ),
  );
}

/** Returns periods as they are sent, with nothing that they leave open. */
export function sent(periods) {
  return periods.map((period) =>
    Object.fromEntries(
      ["start", "end", "mode", "days", "enabled", ...NUMBERS]
        .filter((name) => period[name] !== undefined && period[name] !== null)
        .map((name) => [name, period[name]]),
    ),
  );
}

/** Returns a schedule as a text, the same for what means the same. */
export function toldAs({ enabled, periods }) {
  const lines = sent(periods).map((period) => JSON.stringify(period));
  return JSON.stringify([enabled, lines.sort()]);
}

/** Tells whether a period lies in a stretch of the day, on any of its days. */
export function touches(period, { start, end }) {
  const stretches =
    start <= end ? [{ start, end }] : [{ start: 0, end }, { start, end: DAY }];
  const pieces = piecesOn({ ...period, days: WEEK }, "mon");
  return pieces.some((piece) =>
    stretches.some((stretch) => piece.start < stretch.end && stretch.start < piece.end),
  );
}

/**
 * Returns how many hours lie between two ticks, so that their labels have room.
 *
 * The outermost labels stand within the day, by half a label beside their ticks.
 */
export function hoursBetween(width, labelWidth) {
  return [1, 2, 3, 6].find((hours) => (width * hours) / 24 >= labelWidth * 1.5) ?? 12;
}
