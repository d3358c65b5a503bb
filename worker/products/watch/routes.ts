import { Hono } from "hono";
import type { HirobaEnv } from "../../http/env.ts";
import { hookRoutes } from "./hooks.routes.ts";
import { playbackRoutes } from "./playback.routes.ts";
import { uploadRoutes } from "./uploads.routes.ts";
import { videosRoutes } from "./videos.routes.ts";

/** Watch's doors. */
export const routes = new Hono<HirobaEnv>()
  .route("/", videosRoutes)
  .route("/", playbackRoutes)
  .route("/", uploadRoutes)
  .route("/", hookRoutes);
