/** The sentences that say what a system does for a while, or will do. */

/** The verbs of an override, by its mode. */
const VERBS = { force_charge: "charge", force_discharge: "discharge", hold: "hold" };

/**
 * Returns what is wanted of a system as one sentence.
 *
 * `tense` is "do" for what is about to begin and "doing" for what runs. What is not
 * known is left out.
 */
export function sentence(t, tense, wanted) {
  const { power, pace, backTo } = wanted;
  return [
    first(t, t(`command_${tense}_${verbOf(wanted)}`), wanted),
    range(t, wanted),
    power && t("command_with_power", { power: t.power(power) }),
    pace === "just_in_time" && t("command_just_in_time"),
    backTo && t("command_then", { mode: t.mode(backTo) }),
  ]
    .filter(Boolean)
    .join(", ");
}

/** Returns the word of what is done, a hold with what it keeps the battery from. */
function verbOf({ mode, direction }) {
  const verb = VERBS[mode];
  return verb === "hold" ? `hold_${direction ?? "discharge"}` : verb;
}

/** Returns what is done, and until when. */
function first(t, what, { mode, until, target }) {
  if (until) return t("command_until", { what, end: until });
  if (mode !== "hold" && target !== undefined) return t("command_until_target", { what });
  if (mode === "force_charge") return t("command_until_full", { what });
  return t("command_until_stopped", { what });
}

/** Returns from which to which SOC. */
function range(t, { soc, target }) {
  if (target === undefined) return undefined;
  if (soc === undefined) return t("command_soc_to", { target: t.number(target) });
  return t("command_soc_range", { soc: t.number(soc), target: t.number(target) });
}
