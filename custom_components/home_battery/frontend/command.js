import { LiveElement } from "./element.js";

class HomeBatteryCommand extends LiveElement {
  static properties = ["hass", "system", "schedule", "t"];
}

customElements.define("home-battery-command", HomeBatteryCommand);
