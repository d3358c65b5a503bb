import * as admin from "./core/admin/index.ts";
import * as billing from "./core/billing/index.ts";
import * as identity from "./core/identity/index.ts";
import * as watch from "./products/watch/index.ts";

/** The catalogue: every module's verbs, called by whoever holds a ctx. */
export const api = { identity, billing, watch, admin };
export type Api = typeof api;
