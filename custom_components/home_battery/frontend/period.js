/** The form of one period, and what its mode really does on the device. */

import { html, noChange, nothing } from "./vendor/lit-html.js";
import {
  daysWith,
  inMode,
  lengthOf,
  modeOf,
  NUMBERS,
  rangeOf,
  touches,
  WEEK,
} from "./day.js";
import { icon } from "./icons.js";
import { modeIcon } from "./timeline.js";

export const PERIOD = `
  .period {
    display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding: 12px; border: 1px solid var(--divider-color); border-radius: 12px;
  }
  .period.wrong { border-color: var(--error-color); }
  .period header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
  .period header h3 { flex: 1; white-space: nowrap; }
  .period .fields { grid-template-columns: repeat(auto-fill, minmax(108px, 1fr)); align-items: start; }
  .field.wide { grid-column: span 2; }
  .hint { font-size: 0.86em; color: var(--secondary-text-color); }
  .facts { display: grid; gap: 4px; padding-inline-start: 18px; color: var(--secondary-text-color); }
  .days { display: flex; flex-wrap: wrap; gap: 4px; border: 0; }
  .days legend { font-size: 0.86em; color: var(--secondary-text-color); padding-bottom: 2px; }
  .days label { position: relative; cursor: pointer; }
  .days input { position: absolute; inset: 0; width: 100%; height: 100%; min-height: 0; opacity: 0; margin: 0; cursor: pointer; }
  .days span {
    display: grid; place-content: center; min-width: 44px; min-height: 36px; padding: 0 6px;
    border: 1px solid color-mix(in srgb, var(--primary-text-color) 45%, transparent); border-radius: 18px;
  }
  .days input:checked + span { background: var(--primary-text-color); color: var(--card-background-color, #fff); }
  .days input:focus-visible + span { outline: 2px solid var(--primary-color); outline-offset: 2px; }
`;

// What of a period is wrong where the problem does not name a field.
const WRONG_FIELDS = {
  schedule_mode: ["mode"],
  schedule_exclusive: ["mode"],
  schedule_export_not_permitted: ["power"],
  schedule_target_below_min: ["target_soc", "min_soc"],
};

/** Returns the fields of a period that have a problem, undefined if it is not there. */
export function wrongFields(problem, index) {
  if (problem?.period !== index) return undefined;
  const { field } = problem.placeholders;
  return field ? [field] : (WRONG_FIELDS[problem.key] ?? ["start", "end"]);
}

/**
 * Returns the form of a period.
 *
 * `view` has `period`, its `number`, `beside` (the other periods), `capabilities`,
 * `daylight` (a stretch of the day), `focused` (the name of the field that a person
 * types in), `wrong` (the names of fields with a problem, if it is in this period),
 * `busy`, and `on` with `change(period)`, `remove()`, `close()` and `key(event)`.
 */
export function periodForm(t, view) {
  const { period, number, capabilities, wrong, busy, on } = view;
  return html`<div
    class="period ${wrong ? "wrong" : ""}"
    role="group"
    aria-labelledby="period-title"
    id="period"
    @keydown=${on.key}
  >
    <header>
      ${modeIcon(period.mode)}
      <h3 id="period-title">${t("schedule_period", { number })}</h3>
      <button type="button" @click=${on.close}>${t("schedule_close")}</button>
    </header>
    <div class="fields">
      ${time(t, view, "start")} ${time(t, view, "end")} ${modeField(t, view)}
      ${NUMBERS.map((name) => numberField(t, view, name))}
    </div>
    ${capabilities.days ? daysField(t, view) : nothing}
    ${capabilities.disabled_periods
      ? html`<label class="check">
          <input
            type="checkbox"
            .checked=${period.enabled !== false}
            ?disabled=${busy}
            @change=${(event) => on.change({ ...period, enabled: event.target.checked })}
          />
          ${t("schedule_period_enabled")}
        </label>`
      : nothing}
    ${warning(t, view)} ${facts(t, modeOf(capabilities, period.mode))}
    <div class="row">
      <button type="button" ?disabled=${busy} @click=${on.remove}>
        ${icon("remove")} ${t("schedule_remove")}
      </button>
    </div>
  </div>`;
}

const isWrong = ({ wrong }, name) => (wrong?.includes(name) ? "true" : nothing);

function time(t, view, name) {
  const { period, capabilities, on, busy } = view;
  const length = lengthOf(period);
  const hint =
    name === "end"
      ? t(length % 60 ? "schedule_length" : "schedule_hours", {
          hours: Math.floor(length / 60),
          minutes: length % 60,
        })
      : capabilities.minute_step > 1
        ? t("schedule_minute_step", { minutes: capabilities.minute_step })
        : "";
  return html`<label class="field">
    ${t(`schedule_${name}`)}
    <input
      type="time"
      name=${name}
      step=${capabilities.minute_step * 60}
      required
      .value=${view.focused === name ? noChange : period[name]}
      ?disabled=${busy}
      aria-invalid=${isWrong(view, name)}
      @input=${({ target }) => target.value && on.change({ ...period, [name]: target.value })}
      @blur=${({ target }) => {
        target.value = period[name];
      }}
    />
    ${hint ? html`<span class="hint">${hint}</span>` : nothing}
  </label>`;
}

function modeField(t, view) {
  const { period, beside, capabilities, on, busy } = view;
  const modes = Object.keys(capabilities.modes);
  const shown = modes.includes(period.mode) ? modes : [period.mode, ...modes];
  return html`<label class="field wide">
    ${t("schedule_mode")}
    <select
      name="mode"
      ?disabled=${busy}
      aria-invalid=${isWrong(view, "mode")}
      @change=${({ target }) => on.change(inMode(period, target.value, capabilities, beside))}
    >
      ${shown.map(
        (mode) =>
          html`<option value=${mode} .selected=${mode === period.mode}>${t.mode(mode)}</option>`,
      )}
    </select>
  </label>`;
}

function numberField(t, view, name) {
  const { period, capabilities, on, busy } = view;
  const range = rangeOf(capabilities, period.mode, name);
  if (!range) return nothing;
  const { defaults = {}, required = [] } = modeOf(capabilities, period.mode);
  const digits = Number.isInteger(range.step) ? 0 : 1;
  const limits = t("schedule_range", {
    minimum: t.number(range.minimum, digits),
    maximum:
      name === "power" ? `${t.number(range.maximum, digits)} W` : t.percent(range.maximum),
  });
  return html`<label class="field">
    ${t(`schedule_${name}`)}
    <input
      type="number"
      name=${name}
      inputmode="decimal"
      min=${range.minimum}
      max=${range.maximum}
      step=${range.step}
      placeholder=${defaults[name] ?? ""}
      ?required=${required.includes(name)}
      .value=${view.focused === name ? noChange : (period[name] ?? "")}
      ?disabled=${busy}
      aria-invalid=${isWrong(view, name)}
      @input=${({ target }) => {
        if (target.validity.badInput) return;
        const { [name]: _, ...rest } = period;
        on.change(target.value === "" ? rest : { ...rest, [name]: target.valueAsNumber });
      }}
      @blur=${({ target }) => {
        target.value = period[name] ?? "";
      }}
    />
    <span class="hint">${limits}</span>
  </label>`;
}

function daysField(t, { period, capabilities, on, busy }) {
  const flip = (day, chosen) => {
    const flipped = daysWith(day, capabilities);
    const days = WEEK.filter((other) =>
      flipped.includes(other) ? chosen : period.days.includes(other),
    );
    on.change({ ...period, days });
  };
  return html`<fieldset class="days" ?disabled=${busy}>
    <legend>${t("schedule_days")}</legend>
    ${WEEK.map(
      (day) => html`<label>
        <input
          type="checkbox"
          .checked=${period.days.includes(day)}
          @change=${({ target }) => flip(day, target.checked)}
        />
        <span>${t.day(day)}</span>
      </label>`,
    )}
  </fieldset>`;
}

const BINDS = { true: "binds", false: "free", null: "unknown" };

/** Returns what a mode really does on the device, and what of it is not known. */
function facts(t, can) {
  const effects = [
    ["pv", can.pv],
    ["power", can.power && can.power_meaning],
    ["max_soc", can.max_soc && BINDS[can.max_soc_binds_pv]],
  ].filter(([, effect]) => effect);
  const open = effects.filter(([, effect]) => effect === "unknown");
  const things = open.map(([name]) => t(`mode_unknown_${name}`)).join("; ");
  const fields = (can.shared ?? []).map((name) => t(`schedule_field_${name}`)).join(", ");
  const told = [
    ...(can.exports ? [t("mode_exports")] : []),
    ...effects
      .filter((effect) => !open.includes(effect))
      .map(([name, effect]) => t(`mode_${name}_${effect}`)),
    ...(fields ? [t("mode_shared", { fields })] : []),
    ...(things ? [t("mode_unknown", { things })] : []),
  ];
  return html`<section>
    <h3>${t("mode_facts")}</h3>
    <ul class="facts">
      ${told.map((text) => html`<li>${text}</li>`)}
    </ul>
  </section>`;
}

/** Returns a warning of PV that is lost in daylight, which is so or may be so. */
function warning(t, { period, capabilities, daylight }) {
  const { pv } = modeOf(capabilities, period.mode);
  const risky = pv === "stops" || (pv === "unknown" && period.mode.includes("force_charge"));
  if (!risky || !touches(period, daylight)) return nothing;
  return html`<p class="note warning row">
    ${icon("warning")} <span>${t(pv === "stops" ? "schedule_daylight_stops" : "schedule_daylight_unknown")}</span>
  </p>`;
}
