/** Dragging on a day's timeline by mouse, pen and touch. */

import { DAY, gapAt, minuteOf, movedTo, snapped, withEdge } from "./day.js";

// How far a pointer moves before it drags, in px; fingers are less steady.
const SLACK = { mouse: 4, pen: 6, touch: 8 };

export class Gesture {
  #host;
  #going;

  /**
   * Begins to listen.
   *
   * The host has `editable`, `grid`, `day`, `periods`, `find(id)`, and is told by
   * `drawn(stretch)`, `dragged(period)`, `dropped()` and `undone(period)`.
   */
  constructor(host) {
    this.#host = host;
  }

  /** What is being dragged: a period's id, "new", or undefined. */
  get active() {
    return this.#going?.moved ? (this.#going.period?.id ?? "new") : undefined;
  }

  down = (event) => {
    if (!this.#host.editable || event.button !== 0 || this.#going) return;
    const plot = event.currentTarget;
    const block = event.target.closest("[data-id]");
    const period = block && this.#host.find(Number(block.dataset.id));
    this.#going = {
      plot,
      pointer: event.pointerId,
      x: event.clientX,
      at: this.#minute(plot, event.clientX),
      slack: SLACK[event.pointerType] ?? SLACK.touch,
      period,
      // The second piece of a period lies on the day after its start.
      later: block?.dataset.later ? DAY : 0,
      edge: event.target.closest("[data-edge]")?.dataset.edge,
    };
  };

  move = (event) => {
    const going = this.#going;
    if (going?.pointer !== event.pointerId) return;
    if (!going.moved) {
      if (Math.abs(event.clientX - going.x) < going.slack) return;
      going.moved = true;
      going.plot.setPointerCapture(event.pointerId);
      window.addEventListener("keydown", this.#key, true);
    }
    const minute = this.#minute(going.plot, event.clientX);
    if (going.period) this.#host.dragged(this.#changed(going, minute));
    else this.#draw(going, minute);
  };

  up = (event) => {
    const going = this.#going;
    if (going?.pointer !== event.pointerId) return;
    this.#end();
    if (going.moved) this.#host.dropped();
  };

  cancel = (event) => {
    if (this.#going?.pointer === event.pointerId) this.stop();
  };

  /** Ends what is going on and has it undone. */
  stop() {
    const going = this.#going;
    this.#end();
    if (going?.moved) this.#host.undone(going.period);
  }

  #end() {
    this.#going = undefined;
    window.removeEventListener("keydown", this.#key, true);
  }

  #key = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.stop();
  };

  #minute(plot, x) {
    const { left, width } = plot.getBoundingClientRect();
    return ((x - left) / width) * DAY;
  }

  #changed({ period, edge, at, later }, minute) {
    const { grid } = this.#host;
    if (edge) return withEdge(period, edge, snapped(minute, grid) + later, grid);
    return movedTo(period, snapped(minuteOf(period.start) + minute - at, grid));
  }

  #draw(going, minute) {
    const { grid, day, periods } = this.#host;
    const gap = gapAt(periods, day, going.at);
    if (!gap) return;
    const bounded = (value) =>
      Math.min(Math.max(snapped(value, grid), gap.start), gap.end);
    const [start, end] = [bounded(going.at), bounded(minute)].sort((a, b) => a - b);
    this.#host.drawn(end > start ? { start, end } : undefined);
  }
}
