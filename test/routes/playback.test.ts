import { describe, expect, it } from "vitest";
import { and, eq } from "drizzle-orm";
import { planGrants } from "#db/schema/billing.ts";
import { users } from "#db/schema/identity.ts";
import { videos, videoVersions, watchPositions } from "#db/schema/watch.ts";
import { type Id, newId } from "#worker/kernel/ids.ts";
import { addMs, HOUR_MS, instantOf, MINUTE_MS, SECOND_MS } from "#worker/kernel/time.ts";
import { type Grant, openGrant, sealGrant } from "#worker/products/watch/grant.ts";
import { mediaPrefixOf } from "#worker/products/watch/media-layout.ts";
import type { PlaybackGrant, VideoView } from "#worker/products/watch/views.ts";
import {
  aCreator,
  aPerson,
  aVideo,
  db,
  fetched,
  knock,
  now,
  type Person,
  putMedia,
  queriesOf,
  refusalOf,
  textOf,
  town,
} from "./watch-room.ts";

/** The answer as it was before it became JSON. */
const granted = async (response: Response): Promise<PlaybackGrant> => {
  const grant = (await response.json()) as PlaybackGrant;
  return { ...grant, expiresAt: new Date(grant.expiresAt), renewAt: new Date(grant.renewAt) };
};
const by = (as?: Person) => (as ? { as } : {});
const start = (videoId: string, as?: Person) =>
  knock("POST", "/api/v1/playback/sessions", { body: { videoId }, ...by(as) });
const renew = (grant: string, as?: Person) => knock("POST", "/api/v1/playback/renew", { body: { grant }, ...by(as) });
const codeOf = async (response: Response) => (await refusalOf(response)).code;

const MASTER = [
  "#EXTM3U",
  '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="a",URI="main_audio.m3u8"',
  '#EXT-X-STREAM-INF:BANDWIDTH=3,RESOLUTION=1280x720,AUDIO="a"',
  "main_720p.m3u8",
  '#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=854x480,AUDIO="a"',
  "main_480p.m3u8",
  "",
].join("\n");
const MEDIA = [
  "#EXTM3U",
  "#EXT-X-TARGETDURATION:4",
  '#EXT-X-MAP:URI="main_480p_init.mp4"',
  "#EXTINF:4,",
  "main_480p_1.mp4",
  "#EXT-X-ENDLIST",
  "",
].join("\n");

/** A published video with something to play. */
async function aFilm(as: Partial<typeof videos.$inferInsert> = {}) {
  const creator = await aCreator();
  const videoId = await aVideo(creator, { state: "published", ...as });
  const prefix = mediaPrefixOf(videoId, 1);
  await putMedia(`${prefix}main.m3u8`, MASTER);
  await putMedia(`${prefix}main_480p.m3u8`, MEDIA);
  await putMedia(`${prefix}main_480p_init.mp4`, "init");
  await putMedia(`${prefix}main_480p_1.mp4`, "first segment");
  return { creator, videoId, prefix };
}

/** A grant of ours as it would have been at another time, or about something else. */
async function forged(grant: string, changes: Partial<Grant>): Promise<string> {
  const real = await openGrant(town.sealer, grant);
  return sealGrant(town.sealer, { ...real!, ...changes });
}

describe("starting to play", () => {
  it("gives ten minutes, to be renewed after eight, in one query", async () => {
    const { videoId, prefix } = await aFilm();
    const before = now().getTime();
    const answer = await start(videoId);
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(queriesOf(answer)).toBe(1);
    const grant = await granted(answer);
    expect(grant).toMatchObject({ videoId, durationMs: 600_000, resumeMs: null });
    expect(grant.expiresAt.getTime() - before).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(grant.expiresAt.getTime() - grant.renewAt.getTime()).toBe(2 * MINUTE_MS);
    expect(grant.storyboard).toEqual({
      url: town.ports.cdn.url(`${prefix}storyboard.{n}.jpg`),
      intervalS: 10,
      width: 160,
      height: 90,
      count: 60,
    });
  });

  it("refuses with the reason, and does not tell hidden from unknown", async () => {
    const creator = await aCreator();
    const members = await aVideo(creator, { state: "published", visibility: "members" });
    expect(await codeOf(await start(members))).toBe("watch.sign_in_required");
    const refused = await start(members, await aPerson());
    expect(refused.status).toBe(402);
    expect(await codeOf(refused)).toBe("watch.plan_required");
    const premium = await start(members, await aPerson({ premium: true }));
    expect(premium.status).toBe(201);
    expect(queriesOf(premium)).toBe(3);
    const r18 = await aVideo(creator, { state: "published", ageRating: "r18" });
    expect(await codeOf(await start(r18))).toBe("watch.age_restricted");
    const unknown = await refusalOf(await start(newId("video", now())));
    expect(unknown).toMatchObject({ status: 404, code: "watch.video_not_found" });
    for (const as of [{ state: "ready" }, { state: "published", visibility: "private" }, { state: "deleted" }] as const)
      expect(await refusalOf(await start(await aVideo(creator, as), await aPerson()))).toEqual(unknown);
  });

  it("plays what is ready for its creator, and nothing before that", async () => {
    const creator = await aCreator();
    expect((await start(await aVideo(creator, { visibility: "private" }), creator)).status).toBe(201);
    const processing = await start(await aVideo(creator, { state: "processing" }), creator);
    expect(await codeOf(processing)).toBe("watch.not_playable");
    const uploading = await aVideo(creator, { state: "uploading" });
    await db.delete(videoVersions).where(eq(videoVersions.videoId, uploading));
    expect(await codeOf(await start(uploading, creator))).toBe("watch.not_playable");
  });
});

describe("a playlist", () => {
  it("opens the way from the grant to the picture, and is kept nowhere", async () => {
    const { videoId } = await aFilm();
    const { playlistUrl } = await granted(await start(videoId));
    const master = await knock("GET", playlistUrl);
    expect(master.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    expect(master.headers.get("cache-control")).toBe("private, no-store");
    expect(queriesOf(master)).toBe(0);
    const variants = (await textOf(master)).split("\n").filter((line) => line.endsWith(".m3u8"));
    expect(variants).toEqual(["main_480p.m3u8", "main_720p.m3u8"]);
    const media = await knock("GET", playlistUrl.replace("main.m3u8", variants[0]!));
    const lines = (await textOf(media)).split("\n");
    const segment = lines.find((line) => line.startsWith("http"))!;
    const map = /URI="([^"]+)"/.exec(lines.find((line) => line.startsWith("#EXT-X-MAP"))!)![1]!;
    expect(await fetched(segment)).toBe("first segment");
    expect(await fetched(map)).toBe("init");
    expect((await fetch(segment.split("?")[0]!)).status).toBe(403);
  });

  it("is stored without any token, however often it was read with one", async () => {
    const { videoId, prefix } = await aFilm();
    const queries = new Set<string>();
    for (const viewer of [await aPerson(), await aPerson()]) {
      const { grant, cdnQuery } = await granted(await start(videoId, viewer));
      const later = await forged(grant, { exp: now().getTime() + (5 + queries.size) * MINUTE_MS });
      const text = await textOf(await knock("GET", `/play/${later}/main_480p.m3u8`));
      const [, query = ""] = /\?(Policy=\S+)$/m.exec(text) ?? [];
      expect(query).not.toBe(cdnQuery);
      for (const earlier of queries) expect(text).not.toContain(earlier);
      queries.add(query);
    }
    expect(queries.size).toBe(2);
    expect(await town.ports.objects.readText("media", `${prefix}main_480p.m3u8`)).toBe(MEDIA);
  });

  it("signs with the very query that the grant named, so that a player can renew it everywhere", async () => {
    const { videoId } = await aFilm();
    const { playlistUrl, cdnQuery } = await granted(await start(videoId));
    const text = await textOf(await knock("GET", playlistUrl.replace("main.m3u8", "main_480p.m3u8")));
    expect(text).toContain(`main_480p_1.mp4?${cdnQuery}`);
  });

  it("opens no other video: neither its playlists nor its segments", async () => {
    const [mine, other] = [await aFilm(), await aFilm({ visibility: "private" })];
    const { grant, cdnQuery } = await granted(await start(mine.videoId));
    for (const path of [`..%2F..%2F${other.videoId}%2F1%2Fmain.m3u8`, `x%2F..%2F..%2Fmain.m3u8`, "..%5Cmain.m3u8"])
      expect((await knock("GET", `/play/${grant}/${path}`)).status).toBe(404);
    const segment = town.ports.cdn.url(`${other.prefix}main_480p_1.mp4`);
    expect((await fetch(`${segment}?${cdnQuery}`)).status).toBe(403);
    const moved = await forged(grant, { mediaPrefix: other.prefix });
    expect(await codeOf(await knock("GET", `/play/${moved}/main.m3u8`))).toBe("watch.grant_expired");
  });

  it("is refused for a grant that is over, altered, or none", async () => {
    const { videoId } = await aFilm();
    const { grant } = await granted(await start(videoId));
    const over = await forged(grant, { exp: now().getTime() - 1 });
    const [payload = "", mac = ""] = grant.split(".");
    const longer = `${btoa(atob(payload).replace(/"exp":\d+/, '"exp":9999999999999')).replace(/=+$/, "")}.${mac}`;
    for (const bad of [over, longer, `${payload}.${mac}.${mac}`, payload, "x", `${payload}.`]) {
      const answer = await knock("GET", `/play/${bad}/main.m3u8`);
      expect(answer.status).toBe(403);
      expect(await codeOf(answer)).toBe("watch.grant_expired");
    }
  });

  it("is not found when there is none, and nothing but playlists is handed out", async () => {
    const { videoId } = await aFilm();
    const { grant } = await granted(await start(videoId));
    for (const path of ["none.m3u8", "main_480p_1.mp4", "main.m3u8.mp4", ".m3u8"])
      expect((await knock("GET", `/play/${grant}/${path}`)).status).toBe(404);
  });
});

describe("renewing", () => {
  it("goes on with the same session and version, even an hour after the end", async () => {
    const { videoId } = await aFilm();
    const viewer = await aPerson();
    const first = await granted(await start(videoId, viewer));
    const slept = await forged(first.grant, { exp: now().getTime() - HOUR_MS + 5 * SECOND_MS });
    for (const grant of [first.grant, slept]) {
      const answer = await renew(grant, viewer);
      expect(answer.status).toBe(200);
      const second = await granted(answer);
      expect(second).toMatchObject({ playbackId: first.playbackId, videoId });
      expect(second.expiresAt.getTime()).toBeGreaterThanOrEqual(first.expiresAt.getTime());
    }
    const tooLate = await forged(first.grant, { exp: now().getTime() - HOUR_MS - SECOND_MS });
    expect(await codeOf(await renew(tooLate, viewer))).toBe("watch.grant_expired");
  });

  it("refuses another person's grant and an altered one; whoever signed out goes on as nobody", async () => {
    const { videoId } = await aFilm();
    const viewer = await aPerson();
    const { grant } = await granted(await start(videoId, viewer));
    const other = await renew(grant, await aPerson());
    expect([other.status, await codeOf(other)]).toEqual([403, "watch.grant_expired"]);
    expect(await codeOf(await renew(`${grant}A`, viewer))).toBe("watch.grant_expired");
    const nobody = await granted(await renew(grant));
    expect((await openGrant(town.sealer, nobody.grant))?.userId).toBeNull();
  });

  const members = { visibility: "members" } as const;
  const moved = (videoId: Id<"video">, changes: Partial<typeof videos.$inferInsert>) =>
    db.update(videos).set(changes).where(eq(videos.id, videoId));
  const gone = { code: "watch.video_not_found", status: 404 };

  it.each([
    ["unpublished", {}, {}, (id: Id<"video">) => moved(id, { state: "ready", publishedAt: null }), gone],
    ["made private", {}, {}, (id: Id<"video">) => moved(id, { visibility: "private" }), gone],
    ["deleted", {}, {}, (id: Id<"video">) => moved(id, { state: "deleted", publishedAt: null }), gone],
    [
      "rated R18",
      {},
      {},
      (id: Id<"video">) => moved(id, { ageRating: "r18" }),
      { code: "watch.age_restricted", status: 403 },
    ],
    [
      "made members-only",
      {},
      {},
      (id: Id<"video">) => moved(id, members),
      { code: "watch.plan_required", status: 402 },
    ],
    [
      "no longer paid for",
      members,
      { premium: true },
      (_: Id<"video">, userId: Id<"user">) =>
        db.update(planGrants).set({ endsAt: now() }).where(eq(planGrants.userId, userId)),
      { code: "watch.plan_required", status: 402 },
    ],
    [
      "watched by a demoted operator",
      members,
      { role: "admin" },
      (_: Id<"video">, userId: Id<"user">) => db.update(users).set({ role: "user" }).where(eq(users.id, userId)),
      { code: "watch.plan_required", status: 402 },
    ],
  ] as const)("is refused with the reason once the video is %s", async (_case, as, who, change, refusal) => {
    const videoId = await aVideo(await aCreator(), { state: "published", ...as });
    const viewer = await aPerson(who);
    const { grant } = await granted(await start(videoId, viewer));
    expect((await renew(grant, viewer)).status).toBe(200);
    await change(videoId, viewer.userId);
    expect(await refusalOf(await renew(grant, viewer))).toMatchObject(refusal);
  });
});

describe("remembering the place", () => {
  const remember = (as: Person | undefined, videoId: string, playbackId: string, positionMs: number) =>
    knock("PUT", "/api/v1/playback/position", { body: { videoId, playbackId, positionMs }, ...by(as) });
  const place = async (userId: Id<"user">, videoId: Id<"video">) => {
    const mine = and(eq(watchPositions.userId, userId), eq(watchPositions.videoId, videoId));
    return (await db.select().from(watchPositions).where(mine))[0]?.positionMs;
  };

  it("goes back to it on the page and in the next session, for this person alone", async () => {
    const videoId = await aVideo(await aCreator(), { state: "published" });
    const viewer = await aPerson();
    const { playbackId } = await granted(await start(videoId, viewer));
    expect((await remember(viewer, videoId, playbackId, 61_000)).status).toBe(204);
    expect((await granted(await start(videoId, viewer))).resumeMs).toBe(61_000);
    const page = await knock("GET", `/api/v1/videos/${videoId}`, { as: viewer });
    expect(((await page.json()) as VideoView).resumeMs).toBe(61_000);
    expect((await granted(await start(videoId, await aPerson()))).resumeMs).toBeNull();
    expect((await granted(await start(videoId))).resumeMs).toBeNull();
  });

  it("lets the last word of a session count, and no older session move a newer one's place", async () => {
    const videoId = await aVideo(await aCreator(), { state: "published" });
    const viewer = await aPerson();
    const older = newId("playback", addMs(now(), -MINUTE_MS));
    const newer = newId("playback", now());
    const told = [
      [older, 300_000, 300_000],
      [newer, 20_000, 20_000],
      [older, 310_000, 20_000],
      [newer, 10_000, 10_000],
      [newer, 30_000, 30_000],
    ] as const;
    for (const [playbackId, positionMs, kept] of told) {
      expect((await remember(viewer, videoId, playbackId, positionMs)).status).toBe(204);
      expect(await place(viewer.userId, videoId)).toBe(kept);
    }
  });

  it("keeps no place beyond the end and no session from the future", async () => {
    const videoId = await aVideo(await aCreator(), { state: "published" });
    const viewer = await aPerson();
    const future = newId("playback", instantOf(now().getTime() + HOUR_MS));
    expect((await remember(viewer, videoId, future, 1_000)).status).toBe(400);
    expect(await place(viewer.userId, videoId)).toBeUndefined();
    await remember(viewer, videoId, newId("playback", now()), 700_000);
    expect(await place(viewer.userId, videoId)).toBe(600_000);
  });

  it("refuses for what the viewer may not see, in the same words as for what does not exist, and for nobody", async () => {
    const viewer = await aPerson();
    const session = newId("playback", now());
    const unknown = await refusalOf(await remember(viewer, newId("video", now()), session, 9_000));
    expect(unknown).toMatchObject({ status: 404 });
    const hidden = await aVideo(await aCreator(), { state: "published", visibility: "private" });
    expect(await refusalOf(await remember(viewer, hidden, session, 9_000))).toEqual(unknown);
    expect(await place(viewer.userId, hidden)).toBeUndefined();
    expect((await remember(undefined, hidden, session, 9_000)).status).toBe(401);
  });
});
