/** A day of a schedule as a picture, with blocks that can be taken hold of. */

import { html, nothing, svg } from "./vendor/lit-html.js";
import { DAY, hoursBetween, kindOf, piecesOn, timeOf, toldNumbers, WEEK } from "./day.js";
import { icon } from "./icons.js";

export const TIMELINE = `
  .charge { --kind: var(--energy-battery-in-color, #f06292); }
  .discharge { --kind: var(--energy-battery-out-color, #4db6ac); }
  .hold { --kind: var(--energy-grid-return-color, #8353d1); }
  .own { --kind: var(--energy-solar-color, #ff9800); }
  .other { --kind: var(--secondary-text-color); }
  .lane { position: relative; height: 10px; margin-bottom: 2px; }
  .lane span {
    position: absolute; inset-block: 0; border-radius: 5px; min-width: 6px;
    border: 1px solid var(--kind);
    background: repeating-linear-gradient(135deg, var(--kind) 0 4px, transparent 4px 7px);
  }
  .plot {
    position: relative; height: 132px; border-radius: 8px; touch-action: pan-y;
    user-select: none; -webkit-user-select: none; -webkit-touch-callout: none;
    background: color-mix(in srgb, var(--primary-text-color) 4%, transparent);
  }
  .plot.editable { cursor: copy; }
  .plot > svg {
    position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none;
    border-radius: inherit; overflow: hidden;
  }
  .grid { stroke: var(--divider-color); stroke-width: 1; vector-effect: non-scaling-stroke; }
  .soc-area { fill: var(--primary-color); opacity: 0.14; }
  .soc-line {
    fill: none; stroke: var(--primary-color); stroke-width: 2;
    vector-effect: non-scaling-stroke; stroke-linejoin: round;
  }
  .legend { display: flex; align-items: center; gap: 6px; margin-top: 4px; font-size: 12px; color: var(--secondary-text-color); }
  .legend svg { width: 20px; height: 8px; flex: none; }
  .block {
    position: absolute; inset-block: 0; min-height: 0; padding: 0; margin: 0; display: block;
    overflow: visible; text-align: start; border-radius: 6px; line-height: 1.25;
    border: 1px solid var(--kind); border-top-width: 6px; color: var(--primary-text-color);
    --shade: 20%; touch-action: pan-y;
  }
  .plot :is(.block, .block:hover:not(:disabled)) {
    background: color-mix(in srgb, color-mix(in srgb, var(--kind) var(--shade), var(--card-background-color, #fff)) 84%, transparent);
  }
  .editable .block { cursor: grab; }
  .editable .block:hover { --shade: 28%; }
  .block.chosen { z-index: 2; border-width: 6px 2px 2px; --shade: 34%; }
  .block.dragged { z-index: 3; cursor: grabbing; box-shadow: 0 2px 8px rgb(0 0 0 / 35%); }
  .block.idle { border-style: dashed; border-top-width: 2px; }
  .plot .idle:is(.block, .block:hover:not(:disabled)) {
    background: repeating-linear-gradient(
      135deg, color-mix(in srgb, var(--secondary-text-color) 16%, var(--card-background-color, #fff)) 0 6px,
      var(--card-background-color, #fff) 6px 12px
    );
  }
  .block.wrong { outline: 2px solid var(--error-color); outline-offset: 1px; z-index: 1; }
  .block.wrong:focus-visible { outline: 4px double var(--error-color); }
  .block.drawn { border-style: dashed; pointer-events: none; --kind: var(--primary-color); }
  .face { position: absolute; inset: 4px 4px auto; overflow: hidden; pointer-events: none; font-size: 12px; }
  .face b { display: block; font-weight: 500; overflow: hidden; text-overflow: ellipsis; }
  .face span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .face .sign { display: flex; align-items: center; gap: 4px; }
  .face .icon { width: 18px; height: 18px; display: block; fill: var(--primary-text-color); }
  .face.tight { inset-inline: 0; }
  .face.tight .icon { margin: 0 auto; }
  .grip { position: absolute; inset-block: -6px 0; width: 10px; cursor: ew-resize; touch-action: pan-y; }
  .grip.start { left: -3px; }
  .grip.end { right: -3px; }
  .chosen .grip { width: 28px; }
  .chosen .grip.start { left: -20px; }
  .chosen .grip.end { right: -20px; }
  .chosen .grip::after {
    content: ""; position: absolute; bottom: 8px; width: 12px; height: 34px; border-radius: 6px;
    background: var(--card-background-color, #fff); border: 2px solid var(--kind);
  }
  .chosen .grip.start::after { right: 3px; }
  .chosen .grip.end::after { left: 3px; }
  .now {
    position: absolute; inset-block: -4px; width: 2px; margin-inline-start: -1px; z-index: 4;
    background: var(--error-color); pointer-events: none;
  }
  .now::before {
    content: ""; position: absolute; top: -3px; left: -3px; width: 8px; height: 8px; border-radius: 50%;
    background: inherit;
  }
  .hours { position: relative; height: 18px; margin-top: 4px; font-size: 11px; color: var(--secondary-text-color); }
  .hours span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
  .hours span:first-child { transform: none; }
  .hours span:last-child { transform: translateX(-100%); }
  @media (prefers-reduced-motion: no-preference) {
    .block { transition: background 120ms; }
  }
`;

const ICONS = { charge: "charge", discharge: "discharge", hold: "hold", own: "home", other: "clock" };

// From how many px on a block has room for words, and for an icon.
const WORDS_WIDTH = 66;
const ICON_WIDTH = 18;

// How wide a letter is about, in px.
const LETTER_WIDTH = 6.5;

const share = (minute) => `${(minute / DAY) * 100}%`;

/** Returns the icon of a mode. */
export const modeIcon = (mode) => icon(ICONS[kindOf(mode)]);

/** Returns what a period says beside its times and mode, what people ask for first first. */
export function saidBy(t, period, capabilities) {
  const numbers = toldNumbers(period, capabilities);
  const down = kindOf(period.mode) === "discharge";
  const percent = (key, value) =>
    value === undefined ? [] : [t(key, { value: t.number(value) })];
  return [
    ...(numbers.power === undefined ? [] : [t.power(numbers.power)]),
    ...percent(down ? "schedule_down_to" : "schedule_up_to", numbers.target_soc),
    ...percent("schedule_at_least", numbers.min_soc),
    ...percent("schedule_at_most", numbers.max_soc),
    ...(period.days.length < WEEK.length ? [period.days.map(t.day).join(" ")] : []),
    ...(period.enabled === false ? [t("schedule_period_off")] : []),
  ];
}

/** Returns the times of a period, or of a new one, in the person's way. */
export const spanOf = (t, { start, end }) =>
  t("schedule_span", { start: t.time(start), end: t.time(end) });

/** Returns what a period is called for those who do not see it. */
export function nameOf(t, period, capabilities) {
  const times = t("schedule_from_to", { start: t.time(period.start), end: t.time(period.end) });
  return [t.mode(period.mode), times, ...saidBy(t, period, capabilities)].join(", ");
}

/**
 * Returns the picture of a day.
 *
 * `view` has what is shown (`day`, `periods`, `capabilities`, `enabled`, `width`, `soc`,
 * `now`, `override`, `chosen`, `wrong`, `active`, `drawn`) and how (`editable`, `listed`,
 * `on` with the handlers of events).
 */
export function timeline(t, view) {
  const { on, override, now, drawn, editable } = view;
  return html`
    ${override
      ? html`<div class="lane ${kindOf(override.mode)}" aria-hidden="true">
          <span style="left:${share(override.start)};width:${share(override.end - override.start)}"></span>
        </div>`
      : nothing}
    <div
      class="plot ${editable ? "editable" : ""}"
      @pointerdown=${on.down}
      @pointermove=${on.move}
      @pointerup=${on.up}
      @pointercancel=${on.cancel}
    >
      ${backdrop(view)} ${view.periods.map((period, index) => block(t, view, period, index))}
      ${drawn
        ? html`<div class="block drawn" style="left:${share(drawn.start)};width:${share(drawn.end - drawn.start)}">
            <span class="face"><b>${spanOf(t, { start: timeOf(drawn.start), end: timeOf(drawn.end) })}</b></span>
          </div>`
        : nothing}
      ${now === undefined ? nothing : html`<div class="now" style="left:${share(now)}"></div>`}
    </div>
    ${hours(t, view.width)} ${legend(t, view)}
  `;
}

function backdrop({ soc }) {
  const path = soc.map(([minute, percent]) => `${minute} ${100 - percent}`).join("L");
  const [from, to] = [soc[0]?.[0], soc.at(-1)?.[0]];
  return html`<svg viewBox="0 0 ${DAY} 100" preserveAspectRatio="none" aria-hidden="true">
    ${[25, 50, 75].map((y) => svg`<path class="grid" d="M0 ${y}H${DAY}"></path>`)}
    ${soc.length
      ? svg`<path class="soc-area" d="M${from} 100L${path}L${to} 100Z"></path>
            <path class="soc-line" d="M${path}"></path>`
      : nothing}
  </svg>`;
}

function legend(t, { soc }) {
  if (!soc.length) return nothing;
  return html`<p class="legend">
    <svg viewBox="0 0 20 8" aria-hidden="true"><path class="soc-line" d="M0 6L8 2L20 5"></path></svg>
    ${t("schedule_soc_today", { value: t.number(soc.at(-1)[1]) })}
  </p>`;
}

function block(t, view, period, index) {
  const [main, other] = piecesOn(period, view.day);
  if (!main) return nothing;
  return html`${piece(t, view, period, index, main, true)}
  ${other ? piece(t, view, period, index, other, false) : nothing}`;
}

/** Returns one piece; only the main one of a period is told to those who do not see it. */
function piece(t, view, period, index, { start, end, later, goesOn }, main) {
  const { editable, listed, on } = view;
  const chosen = view.chosen === period.id;
  const wrong = view.wrong === index;
  const name = nameOf(t, period, view.capabilities);
  const style = `left:${share(start)};width:${share(end - start)}`;
  const look = [
    "block",
    kindOf(period.mode),
    chosen && "chosen",
    wrong && "wrong",
    view.active === period.id && "dragged",
    (!view.enabled || period.enabled === false) && "idle",
  ]
    .filter(Boolean)
    .join(" ");
  const room = ((end - start) / DAY) * view.width;
  const inside = html`${face(t, view, period, index, room)}
  ${editable && !later ? html`<span class="grip start" data-edge="start"></span>` : nothing}
  ${editable && !goesOn ? html`<span class="grip end" data-edge="end"></span>` : nothing}`;
  if (main && editable && !listed) {
    return html`<button
      type="button"
      class=${look}
      style=${style}
      title=${name}
      aria-expanded=${chosen ? "true" : "false"}
      aria-invalid=${wrong ? "true" : nothing}
      data-id=${period.id}
      data-later=${later ? "1" : nothing}
      @click=${on.choose}
      @keydown=${on.key}
    >
      <span class="hidden">${name}</span>${inside}
    </button>`;
  }
  const told = main && !listed;
  return html`<div
    class=${look}
    style=${style}
    title=${name}
    data-id=${period.id}
    data-later=${later ? "1" : nothing}
    role=${told ? "img" : nothing}
    aria-label=${told ? name : nothing}
    aria-hidden=${told ? nothing : "true"}
    @click=${editable ? on.choose : nothing}
  >
    ${inside}
  </div>`;
}

/** Returns what a block has room for; it says the same to all others by its name. */
function face(t, { capabilities }, period, index, room) {
  if (room < ICON_WIDTH) return nothing;
  const sign = modeIcon(period.mode);
  if (room < WORDS_WIDTH) return html`<span class="face tight" aria-hidden="true">${sign}</span>`;
  const span = spanOf(t, period);
  return html`<span class="face" aria-hidden="true">
    <span class="sign">${sign} ${index + 1}</span>
    <b>${t.mode(period.mode)}</b>
    ${room < LETTER_WIDTH * span.length ? nothing : html`<span>${span}</span>`}
    ${saidBy(t, period, capabilities).map((text) => html`<span>${text}</span>`)}
  </span>`;
}

function hours(t, width) {
  const widest = LETTER_WIDTH * t.time("22:00").length;
  const step = hoursBetween(width || 400, widest);
  const ticks = Array.from({ length: 24 / step + 1 }, (_, index) => index * step);
  return html`<div class="hours" aria-hidden="true">
    ${ticks.map(
      (hour) => html`<span style="left:${share(hour * 60)}">${t.time(timeOf(hour * 60))}</span>`,
    )}
  </div>`;
}
