/** The base of all elements: properties that show what they hold. */

import { nothing, render } from "./vendor/lit-html.js";

const sheets = new Map();

/** The elements in which a person has begun something and not sent it yet. */
const begun = new Set();

/** Tells whether a person has begun anything that is not sent yet. */
export const isUnsent = () => begun.size > 0;

/** Returns the constructed style sheet of some CSS, which all elements share. */
function sheetOf(css) {
  if (!sheets.has(css)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheets.get(css);
}

export class LiveElement extends HTMLElement {
  /** The properties that have the element rendered anew when they are set. */
  static properties = [];

  /** The CSS texts of the element. */
  static styles = [];

  #values = {};
  #due = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.shadowRoot.adoptedStyleSheets = this.constructor.styles.map(sheetOf);
    for (const name of this.constructor.properties) {
      // What was set before the element was defined would hide the property.
      const given = this[name];
      delete this[name];
      Object.defineProperty(this, name, {
        get: () => this.#values[name],
        set: (value) => {
          const before = this.#values[name];
          this.#values[name] = value;
          if (value !== before) {
            this.changed(name, before);
            this.update();
          }
        },
      });
      if (given !== undefined) this[name] = given;
    }
  }

  connectedCallback() {
    this.connected();
    this.update();
  }

  disconnectedCallback() {
    begun.delete(this);
    this.disconnected();
  }

  /** Is called when the element has come into a page. */
  connected() {}

  /** Is called when the element has left its page. */
  disconnected() {}

  /** Is called when a property has another value. */
  changed(_name, _before) {}

  /** Has the element rendered anew, once for all that changes now. */
  update() {
    if (this.#due || !this.isConnected) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (!this.isConnected) return;
      render(this.render() ?? nothing, this.shadowRoot, { host: this });
      this.rendered();
      begun[this.unsent ? "add" : "delete"](this);
    });
  }

  /** Whether a person has begun something here and not sent it yet. */
  get unsent() {
    return false;
  }

  /** Returns what the element shows, as a template. */
  render() {
    return nothing;
  }

  /** Is called when what the element shows is in the page. */
  rendered() {}
}
