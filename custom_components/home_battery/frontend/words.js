/** What people read, in their language and in their way to write numbers and times. */

import { WEEK } from "./day.js";

const DOMAIN = "home_battery";
const MODE = `component.${DOMAIN}.entity.sensor.active_mode.state`;
// The placeholders that list modes, by the error.
const MODES_IN = { schedule_exclusive: "value" };
const loaded = new Map();
// What knows all texts of a language: a card may have been given an older `hass`.
const latest = new Map();
const made = new WeakMap();

/** Loads the texts of the person's language; they are there once the promise is done. */
export function loadWords(hass) {
  const { language } = hass;
  if (!loaded.has(language)) {
    const whole = load(hass);
    loaded.set(language, whole);
    // What failed is tried again by whoever asks next.
    whole.catch(() => loaded.delete(language));
  }
  return loaded.get(language);
}

async function load(hass) {
  for (const category of ["common", "exceptions", "entity"]) {
    latest.set(hass.language, await hass.loadBackendTranslation(category, DOMAIN));
  }
}

/** Returns the texts and formats of a person; the same as long as nothing of them changes. */
export function words(hass) {
  if (!made.has(hass.localize)) made.set(hass.localize, new Map());
  const { language, time_format: hours, number_format: numbers, time_zone } = hass.locale;
  const key = `${language} ${hours} ${numbers} ${time_zone}`;
  const known = made.get(hass.localize);
  if (!known.has(key)) known.set(key, makeWords(hass));
  return known.get(key);
}

const SEPARATORS = {
  comma_decimal: ["en-US", "en"],
  decimal_comma: ["de", "es", "it"],
  space_comma: ["fr", "sv", "cs"],
  quote_decimal: ["de-CH"],
};

function makeWords(hass) {
  const localize = (...asked) => hass.localize(...asked) || latest.get(hass.language)?.(...asked);
  const { language, time_format: hours, number_format: numbers } = hass.locale;
  const grouping = numbers !== "none";
  const numberLocale =
    numbers === "system" ? undefined : (SEPARATORS[numbers] ?? language);
  const timeLocale = hours === "system" ? undefined : language;
  const twelve =
    { 12: true, 24: false }[hours] ??
    new Intl.DateTimeFormat(timeLocale, { hour: "numeric" }).resolvedOptions().hour12;
  const clock = (zone) =>
    new Intl.DateTimeFormat(timeLocale, {
      hour: twelve ? "numeric" : "2-digit",
      minute: "2-digit",
      hourCycle: twelve ? "h12" : "h23",
      timeZone: zone,
    });
  const wall = clock("UTC");
  const own = hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;

  const t = (key, placeholders) =>
    localize(`component.${DOMAIN}.common.${key}`, placeholders) || key;

  /** Returns a number with so many digits after the point. */
  t.number = (value, digits = 0) =>
    new Intl.NumberFormat(numberLocale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: grouping,
    }).format(value);

  /** Returns a power in W as people say it. */
  t.power = (watts) =>
    Math.abs(watts) < 1000
      ? `${t.number(watts)} W`
      : `${t.number(watts / 1000, Math.abs(watts) < 9950 ? 2 : 1)} kW`;

  /** Returns a share in percent. */
  t.percent = (value) =>
    new Intl.NumberFormat(language, { style: "percent", useGrouping: grouping }).format(value / 100);

  /** Returns a time of the day that is given as "HH:MM". */
  t.time = (text) => wall.format(new Date(`1970-01-01T${text}Z`));

  /** Returns what a clock shows at a moment, the person's own unless a zone is given. */
  t.clock = (moment, zone = own) => clock(zone).format(moment);

  /** Returns the name of an operating mode. */
  t.mode = (mode) => localize(`${MODE}.${mode}`) || mode;

  /** Returns the short name of a day of the week, "mon" to "sun". */
  t.day = (day) => {
    const index = WEEK.indexOf(day);
    // The 5th of January 1970 was a Monday.
    return new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" }).format(
      new Date(Date.UTC(1970, 0, 5 + index)),
    );
  };

  /** Returns the text of one of the integration's errors. */
  t.exception = (key, placeholders = {}) => {
    const told = { ...placeholders };
    if (told.field) told.field = t(`schedule_field_${told.field}`);
    if (told.mode) told.mode = t.mode(told.mode);
    const listed = MODES_IN[key];
    if (listed) told[listed] = told[listed].split(", ").map(t.mode).join(", ");
    return localize(`component.${DOMAIN}.exceptions.${key}.message`, told) || key;
  };
  return t;
}
