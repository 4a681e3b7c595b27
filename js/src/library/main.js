// The second asset: what only some pages use. It is imported behind the runtime.

export * from "./kinds.js";
export * from "./codecs.js";
export * from "./operators.js";
export * from "./files.js";
export * from "./navigate.js";
