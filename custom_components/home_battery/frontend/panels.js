/** What stands round a schedule's picture: what it says in words, and its buttons. */

import { html, nothing } from "./vendor/lit-html.js";
import { momentText } from "./clock.js";
import { kindOf, piecesOn, shifted, WEEK } from "./day.js";
import { icon } from "./icons.js";
import { modeIcon, nameOf, saidBy, spanOf } from "./timeline.js";

export const PANELS = `
  input[role="switch"] {
    appearance: none; position: relative; width: 36px; height: 20px; min-height: 0; margin: 0; padding: 0; flex: none;
    border: 2px solid var(--secondary-text-color); border-radius: 10px; background: none; cursor: pointer;
  }
  input[role="switch"]::before {
    content: ""; position: absolute; top: 2px; left: 2px; width: 12px; height: 12px; border-radius: 50%;
    background: var(--secondary-text-color);
  }
  input[role="switch"]:checked { border-color: var(--primary-text-color); background: var(--primary-text-color); }
  input[role="switch"]:checked::before { left: 18px; background: var(--card-background-color, #fff); }
  .whole { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; }
  .head { justify-content: space-between; min-height: 40px; }
  .over { display: flex; align-items: center; gap: 8px; }
  .week { display: flex; flex-wrap: wrap; gap: 4px; }
  .week button { min-height: 36px; padding: 4px 10px; }
  .note { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
  .note > span { flex: 1 1 150px; }
  ol { list-style: none; display: grid; gap: 6px; }
  .entry {
    position: relative; width: 100%; display: flex; justify-content: flex-start; align-items: center;
    min-height: 48px; padding: 6px 10px; text-align: start; line-height: 1.3; border-radius: 10px;
    border: 1px solid var(--divider-color); border-inline-start: 6px solid var(--kind);
  }
  .entry:is(.chosen, .chosen:hover:not(:disabled)) { background: color-mix(in srgb, var(--kind) 22%, transparent); }
  .entry.wrong { outline: 2px solid var(--error-color); }
  .entry.idle { border-style: dashed; }
  .entry .look { flex: 1; min-width: 0; display: flex; align-items: center; gap: 10px; }
  .entry .words { flex: 1; min-width: 0; }
  .entry .number { color: var(--secondary-text-color); }
  .entry b { font-weight: 500; }
  .entry small { display: block; font-size: 12px; color: var(--secondary-text-color); }
  .entry.chosen :is(small, .number) { color: inherit; }
  [aria-busy="true"] :is(.block, .entry) { cursor: progress; }
`;

/** Returns the switch of the schedule as a whole. */
export function masterSwitch(t, { enabled, busy, change }) {
  return html`<label class="check">
    <input
      type="checkbox"
      role="switch"
      .checked=${enabled}
      ?disabled=${busy}
      @change=${({ target }) => change(target.checked)}
    />
    ${t("schedule_follow")}
  </label>`;
}

/** Returns a choice of the day that is shown, today first. */
export function weekdays(t, { today, day, choose }) {
  return html`<div class="week" role="group" aria-label=${t("schedule_weekday")}>
    ${WEEK.map((_, index) => shifted(today, index)).map(
      (other) => html`<button
        type="button"
        aria-pressed=${other === day ? "true" : "false"}
        @click=${() => choose(other)}
      >
        ${other === today ? t("schedule_today") : t.day(other)}
      </button>`,
    )}
  </div>`;
}

/** Returns in words what runs over the schedule, or is planned to. */
export function overrideLine(t, override, zone) {
  const end = override.end ?? override.device_until;
  const clock = (text) => momentText(t, new Date(text), zone);
  const key = override.planned ? "schedule_override_planned" : "schedule_override";
  const text = t(end ? key : `${key}_open`, {
    mode: t.mode(override.mode),
    start: clock(override.start),
    end: end ? clock(end) : "",
  });
  return html`<p class="over">${modeIcon(override.mode)} <span>${text}</span></p>`;
}

/** Returns the periods of the day as a list, where blocks are too small for words. */
export function periodList(t, { periods, capabilities, day, enabled, chosen, wrong, editable, on }) {
  const entries = periods.flatMap((period, index) => {
    if (!piecesOn(period, day).length) return [];
    const look = [
      "entry",
      kindOf(period.mode),
      chosen === period.id && "chosen",
      wrong === index && "wrong",
      (!enabled || period.enabled === false) && "idle",
    ]
      .filter(Boolean)
      .join(" ");
    const said = saidBy(t, period, capabilities).join(", ");
    const inside = html`<span class="number">${index + 1}</span> ${modeIcon(period.mode)}
      <span class="words">
        <b>${spanOf(t, period)}</b> ${t.mode(period.mode)}
        ${said ? html`<small>${said}</small>` : nothing}
      </span>`;
    return editable
      ? html`<li>
          <button
            type="button"
            class=${look}
            aria-expanded=${chosen === period.id ? "true" : "false"}
            aria-invalid=${wrong === index ? "true" : nothing}
            data-id=${period.id}
            @click=${on.choose}
            @keydown=${on.key}
          >
            <span class="hidden">${nameOf(t, period, capabilities)}</span>
            <span class="look" aria-hidden="true">${inside}</span>
          </button>
        </li>`
      : html`<li class=${look}><span class="look">${inside}</span></li>`;
  });
  return entries.length ? html`<ol>${entries}</ol>` : nothing;
}

/** Returns that the device has another schedule by now, with a way to take that. */
export function outdatedNote(t, takeOver) {
  return html`<div class="note warning" role="status">
    <span>${t("schedule_outdated")}</span>
    <button type="button" @click=${takeOver}>${t("schedule_take_over")}</button>
  </div>`;
}

/** Returns what keeps the device from the schedule, with a way to the period at fault. */
export function problemNote(t, { problem, show }) {
  return html`<div class="note error">
    <span role="alert" id="problem">
      ${problem.text ?? t.exception(problem.key, problem.placeholders)}
    </span>
    ${show
      ? html`<button type="button" @click=${show}>${t("schedule_show_period")}</button>`
      : nothing}
  </div>`;
}

/** Returns the ways to change, keep and drop. */
export function buttons(t, { changed, saving, problem, add, save, discard }) {
  return html`<div class="row">
      <button type="button" class="add" ?disabled=${saving} @click=${add}>
        ${icon("add")} ${t("schedule_add")}
      </button>
      ${changed
        ? html`<button
              type="button"
              class="strong save"
              ?disabled=${saving || problem}
              aria-describedby=${problem ? "problem" : nothing}
              @click=${save}
            >
              ${t("schedule_save")}
            </button>
            <button type="button" ?disabled=${saving} @click=${discard}>
              ${t("schedule_discard")}
            </button>`
        : nothing}
    </div>`;
}

/** Returns what became of saving, read out when it comes. */
export function outcome(t, { saving, result }) {
  const told = saving ? { tone: "", text: t("schedule_saving") } : result;
  return html`<div class="result" tabindex="-1">
    <div role="status">
      ${told && told.tone !== "error"
        ? html`<p class="note ${told.tone}"><span>${told.text}</span></p>`
        : nothing}
    </div>
    <div role="alert">
      ${told?.tone === "error"
        ? html`<p class="note error"><span>${told.text}</span></p>`
        : nothing}
    </div>
  </div>`;
}
