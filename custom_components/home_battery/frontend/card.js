/** The card of a battery system, or of a house with several. */

import { html, nothing } from "./vendor/lit-html.js";
import { LiveElement } from "./element.js";
import { explained, subscribeSchedule, systems } from "./link.js";
import { BASE, CONTROLS } from "./styles.js";
import { loadWords, words } from "./words.js";
import "./command.js";
import "./flow.js";
import "./schedule.js";

const SECTIONS = ["flow", "command", "schedule"];

export class HomeBatteryCard extends LiveElement {
  static properties = ["hass", "preview"];

  static styles = [
    BASE,
    CONTROLS,
    `
      ha-card { overflow: hidden; container-type: inline-size; }
      .content { padding: 16px; display: grid; gap: 16px; }
      .title { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; }
      .title h2 { font-size: var(--ha-font-size-l, 16px); font-weight: 500; }
      section:not(:first-of-type) { border-top: 1px solid var(--divider-color); padding-top: 16px; }
    `,
  ];

  #config;
  #devices;
  #schedules = new Map();
  #subscriptions = new Map();
  #chosen;
  #problem;
  #loading = false;

  /** Takes what a person has configured; raises an error where that cannot be. */
  setConfig(config) {
    if (config.device !== undefined && typeof config.device !== "string") {
      throw new Error("device: a device of Home Battery is needed");
    }
    const other = config.device !== this.#config?.device;
    this.#config = config;
    if (other) this.#leave();
    this.update();
  }

  static getStubConfig(hass) {
    const entity = Object.values(hass.entities).find(
      ({ platform, translation_key: key }) =>
        platform === "home_battery" && key === "battery_soc",
    );
    return { device: entity?.device_id };
  }

  static getConfigForm() {
    return {
      schema: [
        { name: "device", selector: { device: { integration: "home_battery" } } },
        { name: "title", selector: { text: {} } },
        {
          type: "grid",
          name: "",
          schema: SECTIONS.map((name) => ({
            name,
            default: true,
            selector: { boolean: {} },
          })),
        },
      ],
      computeLabel: ({ name }, localize) =>
        localize(`component.home_battery.common.card_option_${name}`) || undefined,
    };
  }

  getCardSize() {
    return 3 * SECTIONS.filter((name) => this.#shows(name)).length + 1;
  }

  getGridOptions() {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  connected() {
    if (this.hass) this.#load();
  }

  disconnected() {
    this.#leave();
  }

  changed(name, before) {
    // What there is shows in the registry of entities.
    if (name === "hass" && this.isConnected && before?.entities !== this.hass.entities) {
      this.#load();
    }
  }

  #shows(section) {
    return this.#config?.[section] !== false;
  }

  /** Finds out what there is, and again when that may have changed. */
  async #load() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const [devices] = await Promise.all([systems(this.hass), loadWords(this.hass)]);
      this.#devices = devices;
      this.#problem = undefined;
    } catch (error) {
      this.#problem = await explained(this.hass, error);
    } finally {
      this.#loading = false;
      this.update();
    }
  }

  /** Listens to nothing more. */
  #leave() {
    for (const stop of this.#subscriptions.values()) {
      stop.then((end) => end?.(), () => {});
    }
    this.#subscriptions.clear();
    this.#schedules.clear();
    this.#devices = undefined;
  }

  /** Listens to the schedule of a system. */
  #follow(deviceId) {
    if (this.#subscriptions.has(deviceId)) return;
    const started = subscribeSchedule(this.hass, deviceId, (told) => {
      this.#schedules.set(deviceId, told);
      this.update();
    });
    this.#subscriptions.set(deviceId, started);
    started.catch(async (error) => {
      this.#problem = await explained(this.hass, error);
      this.update();
    });
  }

  render() {
    if (!this.hass || !this.#config) return nothing;
    if (!this.#devices) return this.#frame(this.#problem ?? "", nothing);
    const t = words(this.hass);
    const device = this.#devices.find(({ device_id: id }) => id === this.#config.device);
    if (!device) return this.#frame(t("card_no_device"), nothing);
    const steerable = this.#steerable(device);
    const system =
      steerable.find(({ device_id: id }) => id === this.#chosen) ?? steerable[0];
    if (system && (this.#shows("command") || this.#shows("schedule"))) {
      this.#follow(system.device_id);
    }
    const schedule = system && this.#schedules.get(system.device_id);
    const parts = [
      this.#shows("flow") &&
        html`<section>
          <home-battery-flow
            .hass=${this.hass}
            .device=${device}
            .devices=${this.#devices}
            .t=${t}
          ></home-battery-flow>
        </section>`,
      schedule && steerable.length > 1 && this.#chooser(steerable, system),
      schedule &&
        this.#shows("command") &&
        html`<section>
          <home-battery-command
            .hass=${this.hass}
            .system=${system}
            .schedule=${schedule}
            .t=${t}
          ></home-battery-command>
        </section>`,
      schedule &&
        this.#shows("schedule") &&
        html`<section>
          <home-battery-schedule
            .hass=${this.hass}
            .system=${system}
            .schedule=${schedule}
            .t=${t}
          ></home-battery-schedule>
        </section>`,
    ];
    return this.#frame(this.#problem, html`
      <div class="title">
        <h2>${this.#config.title || device.name}</h2>
        <span class="soft">${device.vendor_name}</span>
      </div>
      ${parts.map((part) => part || nothing)}
    `);
  }

  #frame(problem, content) {
    return html`<ha-card>
      <div class="content">
        ${content} ${problem ? html`<p role="alert" class="note error">${problem}</p>` : nothing}
      </div>
    </ha-card>`;
  }

  /** Returns the systems that can be told something, of a device or of its house. */
  #steerable(device) {
    const ids = device.role === "house" ? device.members : [device.device_id];
    return this.#devices.filter(
      ({ device_id: id, steerable }) => steerable && ids.includes(id),
    );
  }

  #chooser(devices, chosen) {
    return html`<div class="row" role="group" aria-label=${words(this.hass)("card_choose_system")}>
      ${devices.map(
        (device) => html`<button
          aria-pressed=${device === chosen}
          @click=${() => {
            this.#chosen = device.device_id;
            this.update();
          }}
        >
          ${device.name}
        </button>`,
      )}
    </div>`;
  }
}
