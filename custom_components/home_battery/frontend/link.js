/** The ways to Home Assistant: what it is asked, and what it is told. */

import { midnight, minuteOfDay } from "./clock.js";
import { words } from "./words.js";

const DOMAIN = "home_battery";

/**
 * Returns a promise of every device that is served, houses first.
 *
 * A house and its only member each have what is told of the other, too.
 */
export async function systems(hass) {
  const { devices } = await hass.callWS({ type: `${DOMAIN}/systems` });
  const known = new Map(devices.map((device) => [device.device_id, device]));
  for (const house of devices) {
    const members = house.members.map((id) => known.get(id)).filter(Boolean);
    if (members.length !== 1) continue;
    const [member] = members;
    const shared = { ...house.entities, ...member.entities };
    house.entities = { ...shared, ...house.entities };
    member.entities = shared;
  }
  return devices;
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
