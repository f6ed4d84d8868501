/** What a person makes of a schedule before it is sent. */

import { sent, toldAs } from "./day.js";

let lastId = 0;

const withId = (period) => ({ ...period, id: ++lastId });

export class Draft {
  /** The periods, each with an `id` of its own; undefined while none are known. */
  periods;

  enabled = false;

  /** What the device has is not what these changes were made to. */
  outdated = false;

  #device;
  #heard;
  #known;

  /** Takes note of what the device has; returns whether that replaced the periods. */
  hear(schedule) {
    const told = schedule && toldAs(schedule);
    if (!told || told === this.#heard) return false;
    this.#device = schedule;
    this.#heard = told;
    if (this.periods && this.changed && told !== toldAs(this)) {
      this.outdated = told !== this.#known;
      return false;
    }
    this.reset();
    return true;
  }

  /** Takes what the device has, and forgets all changes. */
  reset() {
    this.#known = toldAs(this.#device);
    this.periods = this.#device.periods.map(withId);
    this.enabled = this.#device.enabled;
    this.outdated = false;
  }

  /** Takes the changes for what the device has, until it tells something else. */
  settle() {
    this.#known = toldAs(this);
    this.outdated = false;
  }

  get changed() {
    return toldAs(this) !== this.#known;
  }

  get sendable() {
    return sent(this.periods);
  }

  find(id) {
    return this.periods.find((period) => period.id === id);
  }

  /** Returns the periods beside one. */
  beside(id) {
    return this.periods.filter((period) => period.id !== id);
  }

  /** Puts a period in its place, and what the device holds once into all of its mode. */
  replace(changed, shared = []) {
    const held = Object.fromEntries(shared.map((name) => [name, changed[name]]));
    this.periods = this.periods.map((period) => {
      if (period.id === changed.id) return changed;
      return period.mode === changed.mode ? { ...period, ...held } : period;
    });
  }

  /** Adds a period where its start puts it; returns it with its id. */
  add(period) {
    // Who begins a schedule wants it followed.
    if (!this.periods.length) this.enabled = true;
    const added = withId(period);
    this.periods = [...this.periods, added].sort((one, other) =>
      one.start.localeCompare(other.start),
    );
    return added;
  }

  remove(id) {
    this.periods = this.beside(id);
  }
}
