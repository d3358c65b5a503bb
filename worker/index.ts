import { consume, tick } from "#queues/index.ts";
import { houseOf } from "./compose.ts";
import type { Env } from "./env.ts";
import { makeApp } from "./http/app.ts";
import { renderPage } from "./http/pages.ts";

export { RateLimiter } from "#objects/rate-limiter/RateLimiter.ts";

const app = makeApp(renderPage);

/** The front gate: requests, queue messages and ticks of the clock. */
export default {
  fetch: app.fetch,
  queue: (batch, env, ctx) => consume(batch, houseOf(env), ctx),
  scheduled: (controller, env, ctx) => tick(controller.cron, houseOf(env), ctx),
} satisfies ExportedHandler<Env>;
