// The second asset: what only some pages use. A page module imports names of it behind the runtime; importing it also
// puts in the kinds of values, attributes and messages that have no name.

export * from "./text.js";
export * from "./kinds.js";
export * from "./codecs.js";
export * from "./operators.js";
export * from "./controls.js";
export * from "./markup.js";
export * from "./modifiers.js";
export * from "./components.js";
export * from "./calls.js";
export * from "./async.js";
export * from "./entities.js";
export * from "./rows.js";
export * from "./navigate.js";
export * from "./dev.js";
export * from "./scripts.js";
export * from "./page_parts.js";
export { FlinError, fail } from "../kinds.js";
export { batch, computed, effect, on_cleanup, signal, touch, track, untracked } from "../signals.js";
export * from "./builtins/texts.js";
export * from "./builtins/conversion.js";
export * from "./builtins/numbers.js";
export * from "./builtins/lists.js";
export * from "./builtins/maps.js";
export * from "./builtins/time.js";
