/** The ways to Home Assistant: what it is asked, and what it is told. */

import { words } from "./words.js";

const DOMAIN = "home_battery";
const MINUTE = 60_000;
const DAY = 1440;

/** Returns a promise of every device that is served, houses first. */
export async function systems(hass) {
  return (await hass.callWS({ type: `${DOMAIN}/systems` })).devices;
}

/** Has a system's schedule and override told; returns a promise of what ends that. */
export function subscribeSchedule(hass, deviceId, callback) {
  return hass.connection.subscribeMessage(callback, {
    type: `${DOMAIN}/schedule/subscribe`,
    device_id: deviceId,
  });
}

/** Returns a promise of what keeps a system from a schedule, null if nothing does. */
export async function checkSchedule(hass, deviceId, enabled, periods) {
  const answer = await hass.callWS({
    type: `${DOMAIN}/schedule/check`,
    device_id: deviceId,
    enabled,
    periods,
  });
  return answer.problem;
}

/**
 * Performs an action of the integration, and returns a promise of its response.
 *
 * It rejects with an Error whose message is for people.
 */
export async function act(hass, action, data) {
  try {
    const answer = await hass.callWS({
      type: "call_service",
      domain: DOMAIN,
      service: action,
      service_data: data,
      return_response: true,
    });
    return answer.response;
  } catch (error) {
    throw new Error(await explained(hass, error), { cause: error });
  }
}

/** Returns the text of an error of the connection, in the person's language. */
export async function explained(hass, error) {
  const { translation_domain: domain, translation_key: key } = error;
  if (domain === DOMAIN) {
    return words(hass).exception(key, error.translation_placeholders);
  }
  if (domain && key) {
    const localize = await hass.loadBackendTranslation("exceptions", domain);
    const text = localize(
      `component.${domain}.exceptions.${key}.message`,
      error.translation_placeholders,
    );
    if (text) return text;
  }
  return error.message ?? String(error);
}

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

/**
 * Returns a promise of the SOC since midnight as pairs of minute and percent.
 *
 * Hours come from the long-term statistics where the finer ones do not reach back.
 */
export async function socToday(hass, entityId, zone) {
  const start = midnight(zone);
  const ask = (period) =>
    hass.callWS({
      type: "recorder/statistics_during_period",
      start_time: start.toISOString(),
      statistic_ids: [entityId],
      period,
      types: ["mean"],
    });
  const [fine, coarse] = await Promise.all([ask("5minute"), ask("hour")]);
  const points = (answer) =>
    (answer[entityId] ?? [])
      .filter(({ mean }) => mean !== null && mean !== undefined)
      .map(({ start: from, end, mean }) => [
        minuteOfDay(new Date((from + end) / 2), zone),
        mean,
      ]);
  const close = points(fine);
  const first = close.length ? close[0][0] : Infinity;
  return [...points(coarse).filter(([minute]) => minute < first - 30), ...close];
}
