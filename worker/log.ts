import type { Log } from "./context.ts";

/** One JSON line per event. Callers give ids, codes and counts; never names, addresses, tokens or bodies. */
export const log: Log = (level, event, facts = {}) => {
  console[level === "info" ? "log" : level](JSON.stringify({ level, event, ...facts }));
};
