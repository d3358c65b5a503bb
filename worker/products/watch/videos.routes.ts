import { Hono } from "hono";
import type { Ctx } from "../../context.ts";
import { access } from "../../http/access.ts";
import { EDGE_TTL_HEADER } from "../../http/edge-cache.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { body, params, query } from "../../http/validate.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { pageQuery } from "../../kernel/page.ts";
import { browseChannel } from "./browse-channel.ts";
import { browseVideos } from "./browse-videos.ts";
import { deleteVideo } from "./delete-video.ts";
import { editVideo } from "./edit-video.ts";
import { getStudioVideo } from "./get-studio-video.ts";
import { listStudioVideos } from "./list-studio-videos.ts";
import { openChannel } from "./open-channel.ts";
import { publishVideo } from "./publish-video.ts";
import { browseVideosInput, channelRef, editVideoInput, openChannelInput, videoRef } from "./schemas.ts";
import { unpublishVideo } from "./unpublish-video.ts";
import type { StudioVideo } from "./views.ts";
import { watchVideo } from "./watch-video.ts";

const CATALOGUE_TTL_S = 30;
const PERSONAL = { "cache-control": "private, no-store" };

/** Lists are the same for everybody: the edge keeps a stranger's answer for half a minute, browsers always ask. */
const catalogue = ({ actor }: Ctx): Record<string, string> =>
  actor.kind === "anonymous"
    ? { "cache-control": "public, max-age=0, must-revalidate", [EDGE_TTL_HEADER]: String(CATALOGUE_TTL_S) }
    : PERSONAL;

/** The version of an edited document is its entity tag (RFC 9110 §8.8.3). */
const versioned = ({ version }: StudioVideo) => ({ ...PERSONAL, etag: `"${version}"` });

const editBody = editVideoInput.omit({ videoId: true }).partial({ version: true });

const VERSION_MISSING = {
  ja: "編集を始めたときのversionを、本文かIf-Matchで送ってください",
  en: "Send the version that you edited, in the body or as If-Match",
};

/** The version that the editor saw, from the body or from `If-Match`. */
function seenVersion({ locale }: Ctx, version: number | undefined, ifMatch: string | undefined): number {
  const matched = /^"([1-9]\d{0,8})"$/.exec(ifMatch ?? "")?.[1];
  const seen = version ?? (matched && Number(matched));
  if (!seen) throw houseErrors.invalid({ issues: [{ pointer: "/version", message: VERSION_MISSING[locale] }] });
  return seen;
}

export const videosRoutes = new Hono<HirobaEnv>()
  .get("/api/v1/videos", access("public"), query(browseVideosInput), async (c) =>
    c.json(await browseVideos(c.var.ctx, c.req.valid("query")), 200, catalogue(c.var.ctx)),
  )
  .get("/api/v1/videos/:videoId", access("public"), params(videoRef), async (c) =>
    c.json(await watchVideo(c.var.ctx, c.req.valid("param")), 200, PERSONAL),
  )
  .patch("/api/v1/videos/:videoId", access("member"), params(videoRef), body(editBody), async (c) => {
    const { version, ...changes } = c.req.valid("json");
    const seen = seenVersion(c.var.ctx, version, c.req.header("if-match"));
    const video = await editVideo(c.var.ctx, { ...changes, ...c.req.valid("param"), version: seen });
    return c.json(video, 200, versioned(video));
  })
  .post("/api/v1/videos/:videoId/publish", access("member"), params(videoRef), async (c) => {
    const video = await publishVideo(c.var.ctx, c.req.valid("param"));
    return c.json(video, 200, versioned(video));
  })
  .post("/api/v1/videos/:videoId/unpublish", access("member"), params(videoRef), async (c) => {
    const video = await unpublishVideo(c.var.ctx, c.req.valid("param"));
    return c.json(video, 200, versioned(video));
  })
  .delete("/api/v1/videos/:videoId", access("member"), params(videoRef), async (c) => {
    await deleteVideo(c.var.ctx, c.req.valid("param"));
    return c.body(null, 204);
  })
  .post("/api/v1/channels", access("member"), body(openChannelInput), async (c) => {
    const channel = await openChannel(c.var.ctx, c.req.valid("json"));
    return c.json(channel, 201, { location: `/api/v1/channels/${channel.handle}` });
  })
  .get("/api/v1/channels/:handle", access("public"), params(channelRef), query(pageQuery), async (c) => {
    const page = await browseChannel(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("query") });
    return c.json(page, 200, catalogue(c.var.ctx));
  })
  .get("/api/v1/studio/videos", access("member"), query(pageQuery), async (c) =>
    c.json(await listStudioVideos(c.var.ctx, c.req.valid("query")), 200, PERSONAL),
  )
  .get("/api/v1/studio/videos/:videoId", access("member"), params(videoRef), async (c) => {
    const video = await getStudioVideo(c.var.ctx, c.req.valid("param"));
    return c.json(video, 200, versioned(video));
  });
