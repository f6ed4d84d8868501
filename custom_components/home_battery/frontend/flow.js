/** The power flow: PV, grid, house and battery, and what goes between them now. */

import { html, nothing, svg } from "./vendor/lit-html.js";
import { LiveElement } from "./element.js";
import { icon } from "./icons.js";
import { BASE, CONTROLS } from "./styles.js";

// Under so many W a measurement says nothing but noise.
const IDLE = 15;

/**
 * The places around the middle, by what is measured there.
 *
 * `inward` is the sign of a power that comes to the middle, `at` the place in percent.
 */
const PLACES = [
  { name: "pv", key: "pv_power", icon: "sun", inward: 1, at: [50, 16] },
  { name: "grid", key: "grid_power", icon: "grid", inward: 1, at: [14, 50] },
  { name: "house", key: "load_power", icon: "home", inward: -1, at: [86, 50] },
  { name: "battery", key: "battery_power", icon: "battery", inward: 1, at: [50, 84] },
];

/** What a power is called by its sign, where it can go both ways. */
const WAYS = {
  grid: ["card_exporting", "card_importing"],
  battery: ["card_charging", "card_discharging"],
};

class HomeBatteryFlow extends LiveElement {
  static properties = ["hass", "device", "devices", "t"];

  static styles = [
    BASE,
    CONTROLS,
    `
      .flow { position: relative; height: 268px; max-width: 420px; margin: 0 auto; }
      .flow > svg { position: absolute; inset: 0; width: 100%; height: 100%; }
      .line { fill: none; stroke: var(--divider-color); stroke-width: 2; vector-effect: non-scaling-stroke; }
      .moving {
        stroke: var(--tone); stroke-width: 3; stroke-linecap: round; stroke-dasharray: 1 9;
        animation: flow var(--pace) linear infinite;
      }
      @keyframes flow { from { stroke-dashoffset: 20; } to { stroke-dashoffset: 0; } }
      @media (prefers-reduced-motion: reduce) { .moving { animation: none; stroke-dasharray: none; } }
      .place {
        position: absolute; transform: translate(-50%, -50%);
        width: 88px; height: 88px; min-height: 0; padding: 4px; border-radius: 50%;
        border: 3px solid var(--tone); background: var(--card-background-color, #fff);
        display: grid; align-content: center; justify-items: center; gap: 0; line-height: 1.25;
      }
      .few { position: static; height: auto; display: flex; justify-content: center; gap: 24px; }
      .few > svg { display: none; }
      .few .place { position: relative; transform: none; }
      .place:hover { background: var(--card-background-color, #fff); filter: brightness(0.97); }
      .place.unknown { border-style: dashed; border-color: var(--divider-color); }
      .place .icon { fill: var(--tone); }
      .place strong { font-weight: 500; white-space: nowrap; }
      .place small { font-size: 11px; color: var(--secondary-text-color); white-space: nowrap; }
      .pv { --tone: var(--energy-solar-color, #ff9800); }
      .grid { --tone: var(--energy-grid-consumption-color, #488fc2); }
      .grid.out { --tone: var(--energy-grid-return-color, #8353d1); }
      .house { --tone: var(--primary-color); }
      .battery { --tone: var(--energy-battery-in-color, #f06292); }
      .battery.out { --tone: var(--energy-battery-out-color, #4db6ac); }
      .battery .ring {
        position: absolute; inset: -3px; border-radius: 50%; pointer-events: none;
        background: conic-gradient(var(--tone) var(--soc), var(--divider-color) 0);
        mask: radial-gradient(closest-side, transparent calc(100% - 4px), #000 calc(100% - 3px));
      }
      .battery.place { border-color: transparent; }
      footer { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; margin-top: 8px; }
      ul { list-style: none; display: grid; gap: 4px; margin-top: 8px; }
      li { display: flex; justify-content: space-between; gap: 8px; }
    `,
  ];

  render() {
    const { hass, device, t } = this;
    if (!hass || !device) return nothing;
    const places = PLACES.map((place) => ({ ...place, ...this.#measured(place) })).filter(
      ({ entity }) => entity,
    );
    const soc = this.#number(this.#entity("sensor.battery_soc"));
    return html`
      <div
        class="flow ${places.length < 3 ? "few" : ""}"
        role="group"
        aria-label=${t("card_flow")}
      >
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          ${places.map((place) => this.#line(place))}
        </svg>
        ${places.map((place) => this.#place(place, soc))}
      </div>
      ${this.#members()} ${this.#footer()}
    `;
  }

  #entity(key) {
    return this.device.entities[key];
  }

  #number(entity) {
    const value = Number.parseFloat(this.hass.states[entity]?.state);
    return Number.isFinite(value) ? value : undefined;
  }

  #measured({ key, inward }) {
    const entity = this.#entity(`sensor.${key}`);
    const power = this.#number(entity);
    return {
      entity,
      power,
      flowing: power !== undefined && Math.abs(power) >= IDLE,
      inflow: power !== undefined && Math.sign(power) === inward,
    };
  }

  #line({ name, at: [x, y], power, flowing, inflow }) {
    const path = inflow ? `M${x} ${y}L50 50` : `M50 50L${x} ${y}`;
    const pace = `${Math.max(0.4, 2.4 - Math.log10(Math.abs(power) + 1) / 2).toFixed(2)}s`;
    return svg`<g class="${name} ${this.#direction(name, power)}">
      <path class="line" d=${path}></path>
      ${flowing ? svg`<path class="line moving" d=${path} style="--pace: ${pace}"></path>` : nothing}
    </g>`;
  }

  /** Returns the class of what goes the other way than in its name's colour. */
  #direction(name, power) {
    const out = name === "grid" ? power < 0 : power > 0;
    return name in WAYS && out ? "out" : "";
  }

  #place({ name, at: [x, y], entity, power, flowing, icon: picture }, soc) {
    const { t } = this;
    const battery = name === "battery";
    const shown = power === undefined ? "–" : t.power(WAYS[name] ? Math.abs(power) : power);
    const way = flowing && WAYS[name] ? t(WAYS[name][power > 0 ? 1 : 0]) : "";
    const level = battery && soc !== undefined ? t.percent(soc) : "";
    const label = [t(`card_${name}`), level, shown, way].filter(Boolean).join(", ");
    return html`<button
      class="place ${name} ${this.#direction(name, power)} ${power === undefined ? "unknown" : ""}"
      style="left: clamp(46px, ${x}%, 100% - 46px); top: ${y}%; --soc: ${soc ?? 0}%"
      aria-label=${label}
      @click=${() => this.#open(battery ? (this.#entity("sensor.battery_soc") ?? entity) : entity)}
    >
      ${battery ? html`<span class="ring"></span>` : nothing} ${icon(picture)}
      <strong>${level || shown}</strong>
      ${level ? html`<small>${shown}</small>` : nothing}
      <small>${way || t(`card_${name}`)}</small>
    </button>`;
  }

  /** Returns the systems of a house, each with its battery. */
  #members() {
    const members = this.devices.filter(
      ({ device_id: id, entities }) =>
        this.device.members.includes(id) &&
        (entities["sensor.battery_soc"] || entities["sensor.pv_power"]),
    );
    if (members.length < 2) return nothing;
    return html`<ul>
      ${members.map(({ name, entities }) => {
        const soc = this.#number(entities["sensor.battery_soc"]);
        const power = this.#number(
          entities["sensor.battery_soc"]
            ? entities["sensor.battery_power"]
            : entities["sensor.pv_power"],
        );
        return html`<li>
          <span>${name}</span>
          <span class="soft"
            >${[
              soc === undefined ? undefined : this.t.percent(soc),
              power === undefined ? undefined : this.#said(power, soc !== undefined),
            ]
              .filter(Boolean)
              .join(" · ")}</span
          >
        </li>`;
      })}
    </ul>`;
  }

  /** Returns a power in words: of a battery with its way, of PV as it is. */
  #said(power, battery) {
    const { t } = this;
    if (!battery || Math.abs(power) < IDLE) return t.power(Math.abs(power));
    return `${t(WAYS.battery[power > 0 ? 1 : 0])} ${t.power(Math.abs(power))}`;
  }

  #footer() {
    const { hass, t } = this;
    const problem = hass.states[this.#entity("binary_sensor.problem")]?.state === "on";
    const fault = hass.states[this.#entity("sensor.fault")];
    const offline = hass.states[this.#entity("binary_sensor.online")]?.state === "off";
    const told = hass.states[this.#entity("sensor.last_data")]?.state;
    const moment = Date.parse(told);
    return html`<footer>
      ${problem || offline
        ? html`<span class="row error" role="status"
            >${icon("warning")}
            ${offline
              ? t("card_offline")
              : problem && fault
                ? hass.formatEntityState(fault)
                : t("card_problem")}</span
          >`
        : nothing}
      ${Number.isFinite(moment)
        ? html`<span class="soft">${t("card_as_of", { time: t.clock(moment) })}</span>`
        : nothing}
    </footer>`;
  }

  #open(entityId) {
    this.dispatchEvent(
      new CustomEvent("hass-more-info", {
        bubbles: true,
        composed: true,
        detail: { entityId },
      }),
    );
  }
}

customElements.define("home-battery-flow", HomeBatteryFlow);
