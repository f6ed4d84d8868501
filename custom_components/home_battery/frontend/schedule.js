/** A system's schedule: the day as a picture, and the ways to change it. */

import { html, nothing } from "./vendor/lit-html.js";
import {
  added,
  gridOf,
  lengthOf,
  minuteOf,
  modeOf,
  movedTo,
  piecesOn,
  roomOn,
  stepped,
  WEEK,
  withEdge,
} from "./day.js";
import { Editing } from "./editing.js";
import { LiveElement } from "./element.js";
import { Gesture } from "./gesture.js";
import { socToday } from "./link.js";
import { daylightIn, nowIn, overrideToday, todayIn } from "./moments.js";
import {
  buttons,
  masterSwitch,
  outcome,
  outdatedNote,
  overrideLine,
  PANELS,
  periodList,
  problemNote,
  weekdays,
} from "./panels.js";
import { PERIOD, periodForm, wrongFields } from "./period.js";
import { BASE, CONTROLS } from "./styles.js";
import { nameOf, TIMELINE, timeline } from "./timeline.js";

const NOW_EVERY_MS = 30_000;
const SOC_EVERY_MS = 300_000;

// Under so many px blocks are too small for words, and a list tells them.
const LIST_WIDTH = 600;

const SOC_KEY = "sensor.battery_soc";

/** Tells whether a click comes from a key: then the person goes on by keys. */
const byKey = ({ detail }) => detail === 0;

class HomeBatterySchedule extends LiveElement {
  static properties = ["hass", "system", "schedule", "t"];

  static styles = [BASE, CONTROLS, TIMELINE, PERIOD, PANELS];

  /** What gestures ask and tell. */
  grid = 15;
  day = WEEK[0];

  #draft;
  #gesture = new Gesture(this);
  #width = 0;
  #sizes = new ResizeObserver(([{ contentRect }]) => {
    this.#width = Math.round(contentRect.width);
    this.update();
  });
  #clock;
  #tracer;
  #soc = [];
  #weekday;
  #chosen;
  #drawn;
  #focused;
  #focusOn;
  #said = "";

  connected() {
    this.#sizes.observe(this);
    this.#clock = setInterval(() => this.update(), NOW_EVERY_MS);
    this.#tracer = setInterval(() => this.#trace(), SOC_EVERY_MS);
    this.#trace();
  }

  disconnected() {
    this.#gesture.stop();
    this.#sizes.disconnect();
    clearInterval(this.#clock);
    clearInterval(this.#tracer);
    this.#draft?.stop();
  }

  changed(name) {
    if (name !== "schedule" || !this.schedule) return;
    const { device_id: id, schedule } = this.schedule;
    if (id !== this.#draft?.deviceId) this.#begin(id);
    this.#draft.hear(schedule);
  }

  /** Is for another system from now on. */
  #begin(deviceId) {
    this.#draft?.stop();
    this.#draft = new Editing(this, deviceId);
    this.#soc = [];
    this.#said = "";
    this.#weekday = this.#chosen = this.#drawn = undefined;
    if (this.isConnected) this.#trace();
  }

  /** Has the SOC of today drawn, as far as it is recorded. */
  async #trace() {
    const entity = this.system?.entities[SOC_KEY];
    if (!entity || !this.schedule) return;
    let soc;
    try {
      soc = await socToday(this.hass, entity, this.schedule.time_zone);
    } catch {
      soc = []; // The recorder may be off; the schedule is there without it.
    }
    if (entity !== this.system.entities[SOC_KEY]) return;
    this.#soc = soc;
    this.update();
  }

  get unsent() {
    return Boolean(this.#draft?.periods && this.#draft.changed);
  }

  get editable() {
    return Boolean(this.schedule?.control && this.#draft.periods && !this.#draft.saving);
  }

  get periods() {
    return this.#draft.periods;
  }

  find(id) {
    return this.#draft.find(id);
  }

  drawn(stretch) {
    this.#drawn = stretch;
    this.update();
  }

  dragged(period) {
    this.#chosen = period.id;
    this.#focused = undefined;
    this.#change(period);
  }

  undone(period) {
    this.#drawn = undefined;
    if (period) this.#change(period);
    this.update();
  }

  dropped() {
    const stretch = this.#drawn;
    this.#drawn = undefined;
    if (stretch) this.#add(stretch);
    this.update();
  }

  #change(period) {
    this.#draft.replace(period, modeOf(this.schedule.capabilities, period.mode).shared);
    this.#said = nameOf(this.t, period, this.schedule.capabilities);
    this.#draft.touched();
  }

  #add(stretch, enter = false) {
    const { capabilities } = this.schedule;
    const period = this.#draft.add(
      added(this.#draft.periods, this.day, stretch, capabilities),
    );
    this.#chosen = period.id;
    this.#focusOn = enter ? "form" : period.id;
    this.#change(period);
  }

  #addSomewhere = (event) => {
    const days = this.schedule.capabilities.days ? [this.day] : WEEK;
    const room = roomOn(
      this.#draft.periods,
      days,
      nowIn(this.schedule.time_zone),
      this.grid,
    );
    this.#add(room, byKey(event));
  };

  #remove(id) {
    const { capabilities } = this.schedule;
    const place = this.#draft.periods.findIndex((period) => period.id === id);
    const name = nameOf(this.t, this.find(id), capabilities);
    this.#draft.remove(id);
    const { periods } = this.#draft;
    this.#said = this.t("schedule_removed", { name });
    this.#chosen = undefined;
    this.#focusOn = (periods[place] ?? periods.at(-1))?.id ?? "add";
    this.#draft.touched();
  }

  #choose(id, enter = false) {
    this.#chosen = id;
    this.#focusOn = enter ? "form" : undefined;
    this.update();
  }

  #close = () => {
    this.#focusOn = this.#chosen;
    this.#chosen = undefined;
    this.update();
  };

  #clicked = (event) => {
    const id = Number(event.currentTarget.dataset.id);
    this.#choose(id, byKey(event));
  };

  #keyed = (event) => {
    const period = this.find(Number(event.currentTarget.dataset.id));
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const { grid } = this;
    if (direction) {
      const start = minuteOf(period.start);
      const end = start + lengthOf(period);
      this.#change(
        event.shiftKey
          ? withEdge(period, "end", stepped(end, direction, grid), grid)
          : movedTo(period, stepped(start, direction, grid)),
      );
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.#remove(period.id);
    } else if (event.key === "Escape") {
      this.#choose(undefined);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #keyedInForm = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#close();
  };

  #save = async () => {
    this.#focusOn = "result";
    if (await this.#draft.save()) this.#choose(undefined);
  };

  #discard = () => {
    this.#draft.reset();
    this.#draft.result = undefined;
    this.#focusOn = "add";
    this.#chosen = undefined;
    this.update();
  };

  render() {
    const { hass, schedule, t } = this;
    if (!hass || !schedule || !t) return nothing;
    const title = html`<h3 id="title">${t("schedule_title")}</h3>`;
    if (!this.#draft.periods || !schedule.capabilities) {
      return html`<div class="whole">${title}<p class="soft">${t("schedule_not_read")}</p></div>`;
    }
    const today = todayIn(this.schedule.time_zone);
    this.grid = gridOf(schedule.capabilities);
    this.day = this.#weekday ?? today;
    const view = this.#view(today);
    const { changed, outdated, enabled, periods, problem, result, saving } = this.#draft;
    const soft = (key) => html`<p class="soft">${t(key)}</p>`;
    return html`<div
      class="whole"
      role="group"
      aria-labelledby="title"
      aria-busy=${saving ? "true" : "false"}
      @focusin=${this.#entered}
      @focusout=${this.#left}
    >
      <div class="row head">${title} ${this.#master()}</div>
      ${schedule.control ? nothing : soft("schedule_watch_only")}
      ${schedule.capabilities.days
        ? weekdays(t, { today, day: this.day, choose: this.#chooseDay })
        : nothing}
      ${schedule.override ? overrideLine(t, schedule.override, schedule.time_zone) : nothing}
      <div>${timeline(t, view)}</div>
      ${enabled || !periods.length ? nothing : soft("schedule_is_off")}
      ${periods.length ? nothing : soft(schedule.control ? "schedule_empty" : "schedule_none")}
      ${view.listed ? periodList(t, view) : nothing} ${this.#form()}
      ${outdated ? outdatedNote(t, this.#discard) : nothing}
      ${problem ? problemNote(t, { problem, show: this.#showing(problem) }) : nothing}
      ${schedule.control
        ? buttons(t, {
            changed,
            saving,
            problem: problem !== undefined,
            add: this.#addSomewhere,
            save: this.#save,
            discard: this.#discard,
          })
        : nothing}
      ${outcome(t, { saving, result })}
      <div class="hidden" aria-live="polite">${this.#said}</div>
    </div>`;
  }

  rendered() {
    const target = this.#focusOn;
    this.#focusOn = undefined;
    if (target === undefined) return;
    const selector =
      { form: "#period input", add: ".add", result: ".result" }[target] ??
      `:is(.entry, button.block)[data-id="${target}"]`;
    const found = this.shadowRoot.querySelector(selector);
    (found ?? this.shadowRoot.querySelector(".add"))?.focus();
  }

  #entered = ({ target }) => {
    this.#focused = target.closest("#period") ? target.name : undefined;
  };

  #left = () => {
    this.#focused = undefined;
    this.update();
  };

  #chooseDay = (day) => {
    this.#weekday = day === todayIn(this.schedule.time_zone) ? undefined : day;
    this.update();
  };

  /** Returns what goes to the period at fault, undefined where it is open already. */
  #showing(problem) {
    const period = this.#draft.periods[problem.period];
    if (!period || period.id === this.#chosen) return undefined;
    return () => {
      if (!piecesOn(period, this.day).length && period.days.length) {
        this.#chooseDay(period.days[0]);
      }
      this.#choose(period.id, true);
    };
  }

  #master() {
    const { capabilities, control } = this.schedule;
    if (!capabilities.master_switch || !control) return nothing;
    return masterSwitch(this.t, {
      enabled: this.#draft.enabled,
      busy: this.#draft.saving,
      change: (enabled) => {
        this.#draft.enabled = enabled;
        this.#draft.touched();
      },
    });
  }

  #form() {
    const { periods } = this.#draft;
    const index = periods.findIndex(({ id }) => id === this.#chosen);
    if (index < 0 || !this.schedule.control) return nothing;
    return periodForm(this.t, {
      period: periods[index],
      number: index + 1,
      beside: this.#draft.beside(this.#chosen),
      capabilities: this.schedule.capabilities,
      daylight: daylightIn(this.schedule.time_zone, this.hass),
      focused: this.#focused,
      wrong: wrongFields(this.#draft.problem, index),
      busy: this.#draft.saving,
      on: {
        change: (period) => this.#change(period),
        remove: () => this.#remove(this.#chosen),
        close: this.#close,
        key: this.#keyedInForm,
      },
    });
  }

  #view(today) {
    const isToday = this.day === today;
    const now = nowIn(this.schedule.time_zone);
    const shown = Number(this.hass.states[this.system.entities[SOC_KEY]]?.state);
    const soc = Number.isFinite(shown) ? [...this.#soc, [now, shown]] : this.#soc;
    return {
      day: this.day,
      periods: this.#draft.periods,
      capabilities: this.schedule.capabilities,
      enabled: this.#draft.enabled,
      width: this.#width,
      listed: this.#width < LIST_WIDTH,
      soc: isToday ? soc : [],
      now: isToday ? now : undefined,
      override: isToday ? overrideToday(this.schedule.override, this.schedule.time_zone) : undefined,
      chosen: this.#chosen,
      wrong: this.#draft.problem?.period ?? undefined,
      active: this.#gesture.active,
      drawn: this.#drawn,
      editable: this.editable,
      on: {
        down: this.#gesture.down,
        move: this.#gesture.move,
        up: this.#gesture.up,
        cancel: this.#gesture.cancel,
        choose: this.#clicked,
        key: this.#keyed,
      },
    };
  }
}

customElements.define("home-battery-schedule", HomeBatterySchedule);
