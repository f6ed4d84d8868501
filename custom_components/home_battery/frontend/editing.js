/** A draft that is checked while a person makes it, and sent to its system. */

import { Draft } from "./draft.js";
import { act, checkSchedule, explained } from "./link.js";

const CHECK_AFTER_MS = 300;

// How long it is told that something was done; a problem stays.
const TOLD_MS = 20_000;

export class Editing extends Draft {
  /** What keeps the device from the draft, as far as that is known. */
  problem;

  /** What became of saving, as `tone` and `text`. */
  result;

  saving = false;

  #host;
  #due;
  #asked = 0;
  #late;

  /** The host has `hass` and `t`, and is told by `update()` when something is new. */
  constructor(host, deviceId) {
    super();
    this.#host = host;
    this.deviceId = deviceId;
  }

  /** Takes note of what the device has, after it has been told where that is going on. */
  hear(schedule) {
    if (this.saving) this.#late = schedule;
    else if (!super.hear(schedule) && this.periods && this.changed) this.#checkSoon();
  }

  reset() {
    super.reset();
    this.problem = undefined;
    this.stop();
  }

  /** Asks nothing more. */
  stop() {
    clearTimeout(this.#due);
    this.#asked += 1;
  }

  /** Takes note of a change. */
  touched() {
    this.result = undefined;
    this.#checkSoon();
    this.#host.update();
  }

  #checkSoon() {
    this.stop();
    if (this.changed) this.#due = setTimeout(() => this.#check(), CHECK_AFTER_MS);
    else this.problem = undefined;
  }

  /** Asks what keeps the device from this schedule; nothing is sent to it. */
  async #check() {
    this.stop();
    const asked = this.#asked;
    const problem = await this.#asking();
    if (asked !== this.#asked) return;
    this.problem = problem;
    this.#host.update();
  }

  async #asking() {
    const { hass } = this.#host;
    // That there is no period at all is never a problem.
    if (!this.periods.length) return undefined;
    try {
      const answer = await checkSchedule(hass, this.deviceId, this.enabled, this.sendable);
      return answer ?? undefined;
    } catch (error) {
      return { text: await explained(hass, error), period: null };
    }
  }

  /** Sends the draft; returns whether the device has it. */
  async save() {
    this.saving = true;
    this.result = undefined;
    this.#host.update();
    try {
      await this.#check();
      if (!this.problem) await this.#send();
    } catch (error) {
      this.result = { tone: "error", text: error.message };
    } finally {
      this.saving = false;
      this.hear(this.#late);
      this.#late = undefined;
      this.#host.update();
    }
    return this.result?.tone === "success";
  }

  async #send() {
    const { hass, t } = this.#host;
    const device_id = this.deviceId;
    const { enabled, sendable: periods } = this;
    const response = periods.length
      ? await act(hass, "set_schedule", { device_id, enabled, periods })
      : await act(hass, "clear_schedule", { device_id });
    const done = response[device_id] === "unchanged" ? "unchanged" : "confirmed";
    this.settle();
    const result = { tone: "success", text: t(`schedule_${done}`) };
    this.result = result;
    setTimeout(() => {
      if (this.result !== result) return;
      this.result = undefined;
      this.#host.update();
    }, TOLD_MS);
  }
}
