import { Hono } from "hono";
import { access } from "../../http/access.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { body, params } from "../../http/validate.ts";
import { readPlaylist, readPlaylistInput } from "./read-playlist.ts";
import { rememberPosition } from "./remember-position.ts";
import { renewPlayback } from "./renew-playback.ts";
import { rememberPositionInput, renewPlaybackInput, videoRef } from "./schemas.ts";
import { startPlayback } from "./start-playback.ts";

/** Grants and what they open are for one viewer and for minutes: no cache keeps them. */
const UNKEPT = { "cache-control": "private, no-store" };

export const playbackRoutes = new Hono<HirobaEnv>()
  .post("/api/v1/playback/sessions", access("public"), body(videoRef), async (c) =>
    c.json(await startPlayback(c.var.ctx, c.req.valid("json")), 201, UNKEPT),
  )
  .post("/api/v1/playback/renew", access("public"), body(renewPlaybackInput), async (c) =>
    c.json(await renewPlayback(c.var.ctx, c.req.valid("json")), 200, UNKEPT),
  )
  .put("/api/v1/playback/position", access("member"), body(rememberPositionInput), async (c) => {
    await rememberPosition(c.var.ctx, c.req.valid("json"));
    return c.body(null, 204);
  })
  .get("/play/:grant/:path{.+}", access("public"), params(readPlaylistInput), async (c) =>
    c.body(await readPlaylist(c.var.ctx, c.req.valid("param")), 200, {
      "content-type": "application/vnd.apple.mpegurl",
      ...UNKEPT,
      // The address of a playlist opens it: no other site may learn it
      "referrer-policy": "no-referrer",
    }),
  );
