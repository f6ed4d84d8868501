/** Icons of our own, drawn on 24 by 24. */

import { html } from "./vendor/lit-html.js";

const PATHS = {
  sun: "M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10Zm-1-6h2v4h-2Zm0 18h2v4h-2ZM1 11h4v2H1Zm18 0h4v2h-4ZM3.5 4.9l1.4-1.4 2.8 2.8-1.4 1.4Zm12.8 12.8 1.4-1.4 2.8 2.8-1.4 1.4ZM4.9 20.5l-1.4-1.4 2.8-2.8 1.4 1.4ZM17.7 7.7l-1.4-1.4 2.8-2.8 1.4 1.4Z",
  home: "M12 3 2 12h3v9h5v-6h4v6h5v-9h3Z",
  grid: "M10 2h4l1 4h5v2h-4.5l.9 3.5H21v2h-4.1L19 22h-2.2l-.7-2.6L12 16.6l-4.1 2.8-.7 2.6H5l2.1-8.5H3v-2h4.6L8.5 8H4V6h5Zm.6 6-.9 3.5h4.6L13.4 8Zm-1.3 5.5-.6 2.3L12 14.6l3.3 1.2-.6-2.3Z",
  battery: "M8 4V2h8v2h1a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6c0-1.1.9-2 2-2Z",
  charge: "M12 3 6 9h4v6h4V9h4ZM5 18h14v3H5Z",
  discharge: "M12 15l6-6h-4V3h-4v6H6ZM5 18h14v3H5Z",
  hold: "M7 4h4v16H7Zm6 0h4v16h-4Z",
  stop: "M5 5h14v14H5Z",
  add: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7Z",
  remove: "M9 3h6l1 2h4v2H4V5h4ZM6 8h12l-1 13H7Z",
  warning: "M12 2 1 21h22Zm-1 7h2v6h-2Zm0 8h2v2h-2Z",
  clock: "M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20Zm-1 4v7l5 3 1-1.7-4-2.3V6Z",
};

/** Returns an icon as a picture that says nothing beside the text. */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]}></path>
  </svg>`;
}
