/** What all elements look like. */

export const BASE = `
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.4;
  }
  *, *::before, *::after { box-sizing: border-box; }
  h2, h3, p, ul, ol, fieldset, legend, dl, dd { margin: 0; padding: 0; border: 0; }
  h3 {
    font-size: 1em;
    font-weight: 500;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .soft { color: var(--secondary-text-color); }
  .error { color: var(--error-color); }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .note {
    padding: 8px 12px;
    border-radius: 8px;
    border-inline-start: 4px solid var(--hb-tone, var(--divider-color));
    background: color-mix(in srgb, var(--hb-tone, var(--divider-color)) 12%, transparent);
  }
  .note.error { --hb-tone: var(--error-color); color: inherit; }
  .note.warning { --hb-tone: var(--warning-color); }
  .note.success { --hb-tone: var(--success-color); }
`;

export const CONTROLS = `
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
    min-height: 40px;
    padding: 6px 14px;
    border: 1px solid var(--hb-edge, color-mix(in srgb, var(--primary-text-color) 45%, transparent));
    border-radius: 20px;
    background: none;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
  }
  button:hover:not(:disabled) {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:disabled { cursor: default; opacity: 0.5; }
  button.strong {
    border-color: transparent;
    background: var(--primary-text-color);
    color: var(--card-background-color, #fff);
  }
  button.strong:hover:not(:disabled) {
    background: color-mix(in srgb, var(--primary-text-color) 85%, transparent);
  }
  button.plain { border-color: transparent; }
  button[aria-pressed="true"] {
    background: color-mix(in srgb, var(--primary-color) 20%, transparent);
    border-color: var(--primary-color);
  }
  button svg, .icon {
    width: 20px;
    height: 20px;
    fill: currentColor;
    flex: none;
  }
  :is(button, input, select, [tabindex]):focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  label.field {
    display: grid;
    gap: 2px;
    font-size: 0.86em;
    color: var(--secondary-text-color);
  }
  input, select {
    font: inherit;
    font-size: 1rem;
    min-height: 40px;
    min-width: 0;
    width: 100%;
    padding: 6px 8px;
    color: var(--primary-text-color);
    background: var(--card-background-color, #fff);
    border: 1px solid color-mix(in srgb, var(--primary-text-color) 45%, transparent);
    border-radius: 8px;
    color-scheme: inherit;
  }
  input[type="checkbox"] { width: 20px; min-height: 20px; accent-color: var(--primary-color); }
  label.check { display: inline-flex; gap: 8px; align-items: center; min-height: 40px; }
  input[aria-invalid="true"], select[aria-invalid="true"] { border-color: var(--error-color); }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(124px, 1fr));
    gap: 12px;
    align-items: end;
  }
`;
