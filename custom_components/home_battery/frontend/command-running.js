/** What runs over the schedule or is planned, how far it is, and the way back. */

import { html, nothing } from "./vendor/lit-html.js";
import { momentText } from "./clock.js";
import { ACTIONS, modeAt, numberOf } from "./command-draft.js";
import { sentence } from "./command-words.js";
import { icon } from "./icons.js";

/** Returns a view of an override; `stop` ends it, and is false where nothing may be sent. */
export function runningCommand({ hass, system, schedule, t, override, busy, stop }) {
  const { planned, mode, start } = override;
  const at = (text) => text && momentText(t, new Date(text), schedule.time_zone);
  const told = said({ hass, system, schedule, t, override }, at(override.end));
  return html`
    <p id="runs" class="runs">
      ${icon(planned ? "clock" : Object.keys(ACTIONS).find((what) => ACTIONS[what] === mode))}
      <span>${planned ? t("command_planned", { start: at(start), what: told }) : told}</span>
    </p>
    ${planned ? nothing : bar(t, progressOf(override, numberOf(hass, system, "sensor.battery_soc")))}
    ${stop
      ? html`<div class="row buttons">
          <button id="stop" aria-disabled=${busy} aria-describedby="runs" @click=${stop}>
            ${icon("stop")} ${t(stopWord(planned, busy))}
          </button>
        </div>`
      : nothing}
  `;
}

function said({ hass, system, schedule, t, override }, until) {
  const { planned, began_soc: soc, target_soc: target } = override;
  const end = new Date(override.end ?? Date.now());
  return sentence(t, planned ? "do" : "doing", {
    ...override,
    until,
    soc: planned ? undefined : (soc ?? undefined),
    target: target ?? undefined,
    backTo: planned ? modeAt(hass, system, schedule, end) : override.back_to,
  });
}

function stopWord(planned, busy) {
  if (busy) return "command_sending";
  return planned ? "command_cancel_planned" : "command_stop";
}

function bar(t, done) {
  if (done === undefined) return nothing;
  return html`<div
    class="bar"
    role="progressbar"
    aria-label=${t("command_progress")}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(done)}
  >
    <div style="width: ${done}%"></div>
  </div>`;
}

/** Returns how much is done in %, by the target or else by the time. */
function progressOf({ start, end, target_soc: target, began_soc: began }, soc) {
  let share;
  if (target !== null) {
    if (soc === undefined || began === null) return undefined;
    share = target === began ? 1 : (soc - began) / (target - began);
  } else if (end !== null) {
    share = (Date.now() - Date.parse(start)) / (Date.parse(end) - Date.parse(start));
  } else {
    return undefined;
  }
  return 100 * Math.min(Math.max(share, 0), 1);
}
