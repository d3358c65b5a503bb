export * from "./shared.ts";
export * from "./identity.ts";
export * from "./billing.ts";
export * from "./watch.ts";
