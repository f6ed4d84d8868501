import { LiveElement } from "./element.js";

class HomeBatterySchedule extends LiveElement {
  static properties = ["hass", "system", "schedule", "t"];
}

customElements.define("home-battery-schedule", HomeBatterySchedule);
