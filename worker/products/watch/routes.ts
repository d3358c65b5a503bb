import { Hono } from "hono";
import type { HirobaEnv } from "../../http/env.ts";
import { playbackRoutes } from "./playback.routes.ts";
import { videosRoutes } from "./videos.routes.ts";

/** Watch's doors. */
export const routes = new Hono<HirobaEnv>().route("/", videosRoutes).route("/", playbackRoutes);
