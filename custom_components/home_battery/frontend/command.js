/** The commands of a system: what it is to do for a while, and what it does. */

import { html, nothing } from "./vendor/lit-html.js";
import { momentText } from "./clock.js";
import { ACTIONS, dataOf, draftOf, endOf, isAhead, modeAt, numberOf } from "./command-draft.js";
import { commandForm, confirmation } from "./command-form.js";
import { runningCommand } from "./command-running.js";
import { sentence } from "./command-words.js";
import { LiveElement } from "./element.js";
import { icon } from "./icons.js";
import { act } from "./link.js";
import { BASE, CONTROLS } from "./styles.js";

const TICK_MS = 30_000;

class HomeBatteryCommand extends LiveElement {
  static properties = ["hass", "system", "schedule", "t"];

  static styles = [
    BASE,
    CONTROLS,
    `
      .stack { display: grid; gap: 12px; }
      .choices button { flex: 1 1 auto; padding-inline: 8px; }
      .form {
        display: grid; gap: 12px; padding: 12px; border-radius: 12px;
        border: 1px solid var(--divider-color);
      }
      .buttons { justify-content: flex-end; }
      .choices [aria-expanded="true"] {
        border-color: var(--primary-color);
        background: color-mix(in srgb, var(--primary-color) 20%, transparent);
      }
      button[aria-disabled="true"] { cursor: default; opacity: 0.5; }
      [tabindex="-1"]:focus { outline: none; }
      .runs { display: flex; gap: 8px; align-items: flex-start; font-weight: 500; }
      .runs .icon { margin-top: 1px; }
      .bar { height: 8px; border-radius: 4px; overflow: hidden; background: var(--divider-color); }
      .bar div { height: 100%; background: var(--primary-color); }
    `,
  ];

  /** What a person is about to begin, null while no form is open. */
  #draft = null;
  #confirming = false;
  #busy = false;
  #error = null;
  #said = "";
  #focus = null;
  /** What ran when something was sent: it is shown until that is done. */
  #before = null;
  #clock;

  connected() {
    this.#clock = setInterval(() => this.update(), TICK_MS);
  }

  disconnected() {
    clearInterval(this.#clock);
  }

  changed(name, before) {
    if (name === "system" && before && before.device_id !== this.system?.device_id) {
      this.#close();
      this.#said = "";
    }
  }

  rendered() {
    if (this.#focus) this.shadowRoot.querySelector(this.#focus)?.focus();
    this.#focus = null;
  }

  render() {
    const { hass, system, schedule, t } = this;
    if (!hass || !system || !schedule || !t) return nothing;
    const running = this.#busy ? this.#before : schedule.override;
    if (running && this.#draft) {
      if (this.shadowRoot.activeElement) this.#focus = "#stop";
      this.#close();
    }
    return html`<div class="stack" aria-busy=${this.#busy}>
      <h3 id="title" class="hidden">${t("command_title")}</h3>
      ${running ? this.#running(running) : this.#idle()}
      ${this.#error ? this.#problem() : nothing}
      <p role="status" class="hidden">${this.#said}</p>
    </div>`;
  }

  #running(override) {
    const { hass, system, schedule, t } = this;
    return runningCommand({
      hass,
      system,
      schedule,
      t,
      override,
      busy: this.#busy,
      stop: this.#allowed && (() => this.#stop(override.planned)),
    });
  }

  get unsent() {
    return this.#draft !== null;
  }

  /** Whether anything may be sent at all. */
  get #allowed() {
    return this.schedule.control && this.system.control;
  }

  #idle() {
    const { t } = this;
    if (!this.#allowed) return html`<p class="soft">${t("command_watch_only")}</p>`;
    const reason = this.#unavailable();
    return html`
      <div class="row choices" role="group" aria-labelledby="title">
        ${Object.keys(ACTIONS).map(
          (what) => html`<button
            id=${what}
            aria-expanded=${this.#draft?.what === what}
            aria-controls="form"
            aria-describedby=${reason ? "reason" : nothing}
            ?disabled=${reason !== null}
            @click=${() => this.#open(what)}
          >
            ${icon(what)} ${t(`command_${what}`)}
          </button>`,
        )}
      </div>
      ${reason ? html`<p id="reason" class="soft">${reason}</p>` : nothing}
      <div id="form" ?hidden=${!this.#draft} @keydown=${(event) => this.#escape(event)}>
        ${this.#draft && !reason ? this.#asked() : nothing}
      </div>
    `;
  }

  /** Returns why nothing can be begun now, null if it can. */
  #unavailable() {
    const { hass, system, t } = this;
    const state = (key) => hass.states[system.entities[key]]?.state;
    if (state("select.command") !== "unavailable") return null;
    return t(state("binary_sensor.online") === "off" ? "command_offline" : "command_unavailable");
  }

  #asked() {
    const { hass, system, t } = this;
    const told = this.#sentence();
    if (!this.#confirming) {
      return commandForm({
        hass,
        system,
        t,
        draft: this.#draft,
        sentence: told,
        busy: this.#busy,
        change: (name, value) => {
          this.#draft = { ...this.#draft, [name]: value };
          this.#error = null;
          this.update();
        },
        submit: () => this.#submit(),
        cancel: () => this.#cancel(),
      });
    }
    return confirmation({
      t,
      sentence: told,
      busy: this.#busy,
      start: () => this.#start(),
      cancel: () => this.#cancel(),
    });
  }

  /** Returns what will happen if it is begun. */
  #sentence() {
    const { hass, system, schedule, t } = this;
    const draft = this.#draft;
    const zone = schedule.time_zone;
    const end = endOf(draft, zone);
    const { target_soc: target, power } = dataOf(draft);
    return sentence(t, "do", {
      mode: ACTIONS[draft.what],
      direction: draft.direction,
      until: draft.ending === "time" ? t.time(draft.time) : end && momentText(t, end, zone),
      soc: numberOf(hass, system, "sensor.battery_soc"),
      target,
      power,
      backTo: modeAt(hass, system, schedule, end ?? new Date()),
    });
  }

  #problem() {
    const { t } = this;
    const elsewhere = this.#error.cause?.translation_key === "steered_elsewhere";
    return html`<div role="alert" class="note error stack">
      <p>${elsewhere ? t("command_steered_elsewhere") : this.#error.message}</p>
      ${elsewhere && this.#draft
        ? html`<div class="row buttons">
            <button @click=${() => this.#start({ take_control: true })}>
              ${t("command_take_control")}
            </button>
          </div>`
        : nothing}
    </div>`;
  }

  #open(what) {
    if (this.#busy) return;
    if (this.#draft?.what === what) return void this.#cancel();
    this.#close();
    this.#draft = draftOf(what, this.hass, this.system, this.schedule.time_zone);
    this.#focus = "#form [name]";
    this.update();
  }

  #close() {
    this.#draft = null;
    this.#confirming = false;
    this.#error = null;
  }

  /** Goes one step back: from the confirmation to the form, from the form to its button. */
  #cancel() {
    if (this.#busy) return;
    if (this.#confirming) {
      this.#confirming = false;
      this.#error = null;
      this.#focus = "#start";
    } else {
      this.#focus = `#${this.#draft.what}`;
      this.#close();
    }
    this.update();
  }

  #escape(event) {
    if (event.key !== "Escape" || !this.#draft) return;
    event.stopPropagation();
    this.#cancel();
  }

  /** Begins what is drafted, a discharge only once it was confirmed. */
  #submit() {
    if (this.#busy) return;
    const { what, target } = this.#draft;
    if (target !== "" && !isAhead(what, Number(target), this.hass, this.system)) {
      this.#error = new Error(this.t.exception("target_reached", { target }));
      this.#focus = "[name=target]";
      this.update();
    } else if (what === "discharge") {
      this.#confirming = true;
      this.#error = null;
      this.#focus = "#confirm";
      this.update();
    } else {
      this.#start();
    }
  }

  #start(more) {
    const { what } = this.#draft;
    const data = { ...dataOf(this.#draft), ...more };
    return this.#send(ACTIONS[what], data, "command_started");
  }

  #stop(planned) {
    const said = planned ? "command_cancelled" : "command_stopped";
    return this.#send("stop_override", {}, said);
  }

  /** Performs an action, says what became of it, and moves the focus on. */
  async #send(action, data, said) {
    if (this.#busy) return;
    this.#busy = true;
    this.#before = this.schedule.override;
    this.#error = null;
    this.#said = this.t("command_sending");
    this.update();
    try {
      await act(this.hass, action, { device_id: this.system.device_id, ...data });
      this.#close();
      this.#said = this.t(said);
      this.#focus = "#stop, #charge";
    } catch (error) {
      this.#error = error;
      this.#said = "";
    } finally {
      this.#busy = false;
      this.update();
    }
  }
}

customElements.define("home-battery-command", HomeBatteryCommand);
