/** The form of a command, in place, with what will happen above its button. */

import { html, nothing } from "./vendor/lit-html.js";
import { DIRECTIONS, ENDS, limitsOf } from "./command-draft.js";
import { icon } from "./icons.js";

/**
 * Returns the form of a draft.
 *
 * `change` is called with a field's name and value, `submit` and `cancel` with nothing.
 */
export function commandForm(form) {
  const { t, draft, sentence, busy, submit, cancel } = form;
  const hold = draft.what === "hold";
  return html`<form
    class="form"
    aria-labelledby=${draft.what}
    @submit=${(event) => {
      event.preventDefault();
      submit();
    }}
  >
    <div class="fields">
      ${choice(form, "ending", ENDS, (ending) =>
        t(ending === "open" && !hold ? "command_ending_target" : `command_ending_${ending}`),
      )}
      ${end(form)}
      ${hold
        ? choice(form, "direction", DIRECTIONS, (one) => t(`command_direction_${one}`))
        : [target(form), power(form)]}
    </div>
    <p id="sentence">${sentence}</p>
    <div class="row buttons">
      <button type="button" class="plain" aria-disabled=${busy} @click=${cancel}>
        ${t("command_cancel")}
      </button>
      <button id="start" class="strong" aria-disabled=${busy} aria-describedby="sentence">
        ${icon(draft.what)} ${t(busy ? "command_sending" : `command_start_${draft.what}`)}
      </button>
    </div>
  </form>`;
}

/** Returns the second step of a discharge: what it means, and whether it is meant. */
export function confirmation({ t, sentence, busy, start, cancel }) {
  return html`<div
    id="confirm"
    class="form"
    role="group"
    tabindex="-1"
    aria-labelledby="sentence"
    aria-describedby="warning"
  >
    <p id="sentence">${sentence}</p>
    <p id="warning" class="note warning">${t("command_discharge_warning")}</p>
    <div class="row buttons">
      <button class="plain" aria-disabled=${busy} @click=${cancel}>
        ${t("command_cancel")}
      </button>
      <button class="strong" aria-disabled=${busy} @click=${start}>
        ${icon("discharge")} ${t(busy ? "command_sending" : "command_discharge_now")}
      </button>
    </div>
  </div>`;
}

function choice({ t, draft, change }, name, options, label) {
  return html`<label class="field">
    ${t(`command_field_${name}`)}
    <select name=${name} @change=${({ target: { value } }) => change(name, value)}>
      ${options.map(
        (option) => html`<option value=${option} ?selected=${draft[name] === option}>
          ${label(option)}
        </option>`,
      )}
    </select>
  </label>`;
}

function end({ hass, system, t, draft, change }) {
  if (draft.ending === "open") return nothing;
  if (draft.ending === "time") {
    return html`<label class="field">
      ${t("command_field_time")}
      <input
        name="time"
        type="time"
        required
        .value=${draft.time}
        @input=${({ target: { value } }) => value && change("time", value)}
      />
    </label>`;
  }
  const limits = limitsOf(hass, system, "number.command_duration", { max: 1440 });
  return number({ t, draft, change }, "minutes", { ...limits, min: 1 }, { required: true });
}

function target({ hass, system, t, draft, change }) {
  const limits = limitsOf(hass, system, "number.command_target_soc", { min: 0, max: 100 });
  // Nothing else would end it.
  const required = draft.ending === "open";
  return number({ t, draft, change }, "target", limits, { required });
}

function power({ hass, system, t, draft, change }) {
  const limits = limitsOf(hass, system, "number.command_power", {});
  return number({ t, draft, change }, "power", { ...limits, min: 1 }, {
    placeholder: t("command_power_maximum"),
  });
}

function number({ t, draft, change }, name, { min, max, step }, { required, placeholder }) {
  return html`<label class="field">
    ${t(`command_field_${name}`)}
    <input
      name=${name}
      type="number"
      inputmode="numeric"
      min=${min ?? nothing}
      max=${max ?? nothing}
      step=${step ?? "any"}
      ?required=${required}
      placeholder=${placeholder ?? nothing}
      .value=${draft[name]}
      @input=${({ target: { value } }) => change(name, value)}
    />
  </label>`;
}
