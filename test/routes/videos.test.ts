import { describe, expect, it } from "vitest";
import { newId } from "#worker/kernel/ids.ts";
import { addMs, instantOf } from "#worker/kernel/time.ts";
import type { Page } from "#worker/kernel/page.ts";
import type { StudioVideo, VideoCard, VideoView } from "#worker/products/watch/views.ts";
import {
  aCreator,
  aPerson,
  aVideo,
  eventsOf,
  fetched,
  knock,
  now,
  putPosters,
  queriesOf,
  refusalOf,
  stored,
  town,
  trailOf,
} from "./watch-room.ts";

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const studio = (response: Response) => json<StudioVideo>(response);

describe("a channel", () => {
  const input = (handle: string) => ({ handle, name: "台所便り", about: "家のごはん" });
  const fresh = () => newId("channel", now()).slice(-20);

  it("opens once per person, with an audit row", async () => {
    const person = await aPerson();
    const handle = fresh();
    const opened = await knock("POST", "/api/v1/channels", { as: person, body: input(handle.toUpperCase()) });
    expect(opened.status).toBe(201);
    expect(opened.headers.get("location")).toBe(`/api/v1/channels/${handle}`);
    const channel = await json<{ id: string; handle: string }>(opened);
    expect(channel.handle).toBe(handle);
    expect(await trailOf(channel.id)).toEqual(["watch.channel.open"]);
    const again = await knock("POST", "/api/v1/channels", { as: person, body: input(fresh()) });
    expect(again.status).toBe(409);
    expect(await refusalOf(again)).toMatchObject({ code: "watch.channel_exists" });
  });

  it("refuses a handle that is taken, whoever is not verified, and nobody", async () => {
    const { handle } = await aCreator();
    const taken = await knock("POST", "/api/v1/channels", { as: await aPerson(), body: input(handle) });
    expect(await refusalOf(taken)).toMatchObject({ code: "watch.handle_taken" });
    const unverified = await aPerson({ verified: false });
    expect((await knock("POST", "/api/v1/channels", { as: unverified, body: input(fresh()) })).status).toBe(403);
    expect((await knock("POST", "/api/v1/channels", { body: input(fresh()) })).status).toBe(401);
  });

  it("shows what anyone may find on it, a page at a time, in one query", async () => {
    const creator = await aCreator();
    const at = (ms: number) => ({ state: "published", publishedAt: addMs(now(), ms) }) as const;
    const older = await aVideo(creator, at(-3000));
    const newer = await aVideo(creator, { ...at(-1000), visibility: "members" });
    await aVideo(creator, { ...at(-2000), visibility: "unlisted" });
    await aVideo(creator, { ...at(-2000), visibility: "private" });
    await aVideo(creator, { ...at(-2000), ageRating: "r18" });
    await aVideo(creator);
    const first = await knock("GET", `/api/v1/channels/${creator.handle}?limit=1`);
    expect(queriesOf(first)).toBe(1);
    const one = await json<{ videos: Page<VideoCard> }>(first);
    const two = await json<{ videos: Page<VideoCard> }>(
      await knock("GET", `/api/v1/channels/${creator.handle}?limit=1&cursor=${one.videos.nextCursor}`),
    );
    expect([...one.videos.items, ...two.videos.items].map(({ id }) => id)).toEqual([newer, older]);
    expect(two.videos.nextCursor).toBeNull();
    const empty = await aCreator();
    expect(await json(await knock("GET", `/api/v1/channels/${empty.handle}`))).toMatchObject({ videos: { items: [] } });
    expect((await knock("GET", `/api/v1/channels/${fresh()}`)).status).toBe(404);
  });
});

describe("the list of videos", () => {
  it("has what is published for all and for members, newest first, without gaps or repeats over pages, in one query", async () => {
    const creator = await aCreator();
    const same = instantOf(now().getTime() + 60_000);
    const published = { state: "published", publishedAt: same, category: "craft" } as const;
    const listed = [await aVideo(creator, published), await aVideo(creator, { ...published, visibility: "members" })];
    const third = await aVideo(creator, { ...published, publishedAt: addMs(same, 1) });
    for (const hidden of [
      { ...published, visibility: "private" },
      { ...published, visibility: "unlisted" },
      { ...published, ageRating: "r18" },
      { ...published, category: "music" },
      { category: "craft" },
    ] as const)
      await aVideo(creator, hidden);
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const answer = await knock("GET", `/api/v1/videos?category=craft&limit=1&cursor=${cursor}`);
      expect(queriesOf(answer)).toBeLessThanOrEqual(1);
      const page: Page<VideoCard> = await json(answer);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual([third, ...listed.sort().reverse()]);
  });

  it("is kept at the edge for strangers and for nobody who is signed in", async () => {
    const path = "/api/v1/videos?category=games";
    const first = await knock("GET", path);
    expect(first.headers.get("cache-control")).toBe("public, max-age=0, must-revalidate");
    expect(first.headers.get("x-hiroba-edge-ttl")).toBeNull();
    const second = await knock("GET", path);
    expect(second.headers.get("x-cache")).toBe("hit");
    const person = await knock("GET", path, { as: await aPerson() });
    expect(person.headers.get("cache-control")).toBe("private, no-store");
    expect(person.headers.get("x-cache")).toBeNull();
  });

  it("starts at its beginning for a cursor that is not ours", async () => {
    for (const cursor of ["nonsense", "WzFlOTk5LCJ2aWRfeCJd", "WyJ4IiwidmlkX3giXQ"])
      expect((await knock("GET", `/api/v1/videos?cursor=${cursor}`)).status).toBe(200);
  });
});

describe("a video's page", () => {
  it("says to each viewer whether it plays, within three queries", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator, { state: "published", visibility: "members" });
    const see = async (as?: Awaited<ReturnType<typeof aPerson>>) => {
      const answer = await knock("GET", `/api/v1/videos/${videoId}`, as ? { as } : {});
      expect(queriesOf(answer)).toBeLessThanOrEqual(as ? 3 : 1);
      return (await json<VideoView>(answer)).playable;
    };
    expect(await see()).toEqual({ ok: false, refusal: "watch.sign_in_required" });
    expect(await see(await aPerson())).toEqual({ ok: false, refusal: "watch.plan_required" });
    expect(await see(await aPerson({ premium: true }))).toEqual({ ok: true });
    expect(await see(await aPerson({ role: "admin" }))).toEqual({ ok: true });
    expect(await see(creator)).toEqual({ ok: true });
  });

  it("answers the same for what is private, unpublished, deleted and unknown", async () => {
    const creator = await aCreator();
    const unknown = await refusalOf(await knock("GET", `/api/v1/videos/${newId("video", now())}`));
    expect(unknown).toMatchObject({ status: 404, code: "watch.video_not_found" });
    for (const as of [
      { state: "published", visibility: "private" },
      { state: "ready" },
      { state: "deleted" },
    ] as const) {
      const videoId = await aVideo(creator, as);
      for (const viewer of [undefined, await aPerson({ premium: true }), await aPerson({ role: "admin" })]) {
        const answer = await knock("GET", `/api/v1/videos/${videoId}`, viewer ? { as: viewer } : {});
        expect(await refusalOf(answer)).toEqual(unknown);
      }
    }
  });

  it("shows an unlisted video to whoever has the address", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator, { state: "published", visibility: "unlisted" });
    const view = await json<VideoView>(await knock("GET", `/api/v1/videos/${videoId}`));
    expect(view).toMatchObject({
      id: videoId,
      own: false,
      playable: { ok: true },
      channel: { handle: creator.handle },
    });
  });
});

describe("publishing", () => {
  it("puts out the chosen poster, records and announces, and happens once however often it is asked", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    await putPosters(videoId);
    const publish = () => knock("POST", `/api/v1/videos/${videoId}/publish`, { as: creator });
    expect(await studio(await publish())).toMatchObject({ state: "published", version: 2 });
    const { posterKey, publishedAt } = await stored(videoId);
    expect(posterKey).toMatch(new RegExp(`^i/${videoId}/1-1-[\\w-]{16}\\.jpg$`));
    expect(await fetched(town.ports.cdn.url(posterKey!))).toBe("poster 1");
    expect(await studio(await publish())).toMatchObject({ version: 2 });
    expect(await stored(videoId)).toMatchObject({ posterKey, publishedAt });
    expect(await trailOf(videoId)).toEqual(["watch.video.publish"]);
    expect(await eventsOf(videoId, "watch.video_published")).toBe(1);
  });

  it("has one winner of two who press at once", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    await putPosters(videoId);
    const answers = await Promise.all(
      [1, 2].map(() => knock("POST", `/api/v1/videos/${videoId}/publish`, { as: creator })),
    );
    for (const { status } of answers) expect([200, 409]).toContain(status);
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(await eventsOf(videoId, "watch.video_published")).toBe(1);
  });

  it("waits for the conversion where there is one, and can be taken back", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator, { state: "processing" });
    for (const wanted of ["publish", "publish", "unpublish", "unpublish"] as const)
      expect(await studio(await knock("POST", `/api/v1/videos/${videoId}/${wanted}`, { as: creator }))).toMatchObject({
        state: "processing",
        publishWhenReady: wanted === "publish",
      });
    expect(await trailOf(videoId)).toEqual(["watch.video.publish_when_ready", "watch.video.publish_when_ready"]);
  });

  it("is refused after a failure", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator, { state: "failed" });
    const answer = await knock("POST", `/api/v1/videos/${videoId}/publish`, { as: creator });
    expect(await refusalOf(answer)).toMatchObject({ status: 409, code: "watch.not_ready" });
  });

  it("is undone by unpublishing: nobody finds the video or its poster", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    await putPosters(videoId);
    await knock("POST", `/api/v1/videos/${videoId}/publish`, { as: creator });
    const { posterKey } = await stored(videoId);
    const unpublish = () => knock("POST", `/api/v1/videos/${videoId}/unpublish`, { as: creator });
    expect(await studio(await unpublish())).toMatchObject({ state: "ready", publishedAt: null });
    expect(await studio(await unpublish())).toMatchObject({ state: "ready" });
    expect((await stored(videoId)).posterKey).toBeNull();
    await expect.poll(() => town.ports.objects.head("media", posterKey!)).toBeNull();
    expect((await knock("GET", `/api/v1/videos/${videoId}`)).status).toBe(404);
    expect(await eventsOf(videoId, "watch.video_unpublished")).toBe(1);
  });
});

describe("editing", () => {
  it("saves on top of the version seen, and refuses on top of another's", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    const path = `/api/v1/videos/${videoId}`;
    const saved = await knock("PATCH", path, { as: creator, body: { version: 1, title: "　肉じゃが　改 " } });
    expect(saved.headers.get("etag")).toBe('"2"');
    expect(await studio(saved)).toMatchObject({ title: "肉じゃが 改", version: 2 });
    const late = await knock("PATCH", path, { as: creator, body: { title: "別" }, headers: { "if-match": '"1"' } });
    expect(await refusalOf(late)).toMatchObject({ status: 409, code: "watch.version_conflict" });
    const matched = await knock("PATCH", path, {
      as: creator,
      body: { description: "秘密の手順" },
      headers: { "if-match": '"2"' },
    });
    expect(await studio(matched)).toMatchObject({ description: "秘密の手順", version: 3 });
    expect(await trailOf(videoId)).toEqual(["watch.video.edit", "watch.video.edit"]);
    expect((await knock("PATCH", path, { as: creator, body: { title: "x" } })).status).toBe(422);
  });

  it("has one winner of two editors at once", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    const answers = await Promise.all(
      ["甲", "乙"].map((title) =>
        knock("PATCH", `/api/v1/videos/${videoId}`, { as: creator, body: { version: 1, title } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("moves the public poster with what may be seen of a published video", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator);
    await putPosters(videoId);
    await knock("POST", `/api/v1/videos/${videoId}/publish`, { as: creator });
    let version = 2;
    const edit = async (changes: object) => {
      const answer = await knock("PATCH", `/api/v1/videos/${videoId}`, { as: creator, body: { version, ...changes } });
      expect(answer.status).toBe(200);
      version++;
      return (await stored(videoId)).posterKey;
    };
    const first = (await stored(videoId)).posterKey!;
    expect(await edit({ visibility: "private" })).toBeNull();
    await expect.poll(() => town.ports.objects.head("media", first)).toBeNull();
    const second = await edit({ visibility: "unlisted" });
    expect(second).toMatch(/\/1-1-/);
    expect(second).not.toBe(first);
    const third = await edit({ posterIndex: 2 });
    expect(third).toMatch(/\/1-2-/);
    expect(await fetched(town.ports.cdn.url(third!))).toBe("poster 2");
    await expect.poll(() => town.ports.objects.head("media", second!)).toBeNull();
    expect(await edit({ title: "同じ" })).toBe(third);
    expect(await edit({ ageRating: "r18" })).toBeNull();
    const beyond = await knock("PATCH", `/api/v1/videos/${videoId}`, {
      as: creator,
      body: { version, posterIndex: 3 },
    });
    expect(await refusalOf(beyond)).toMatchObject({ status: 422, errors: [{ pointer: "/posterIndex" }] });
  });
});

describe("the studio", () => {
  it("lists the creator's own videos in one query beside the session, with posters that open for the creator", async () => {
    const creator = await aCreator();
    const published = await aVideo(creator, { state: "published", posterKey: "i/poster.jpg" });
    const draft = await aVideo(creator, { visibility: "private" });
    await aVideo(creator, { state: "deleted" });
    await aVideo(await aCreator());
    await putPosters(draft);
    const answer = await knock("GET", "/api/v1/studio/videos", { as: creator });
    expect(queriesOf(answer)).toBe(2);
    const { items } = await json<Page<StudioVideo>>(answer);
    expect(items.map(({ id }) => id)).toEqual([published, draft].sort().reverse());
    const poster = (id: string) => items.find((video) => video.id === id)!.posterUrls;
    expect(poster(published)).toEqual([town.ports.cdn.url("i/poster.jpg")]);
    expect(await fetched(poster(draft)[0]!)).toBe("poster 1");
    const all = (await studio(await knock("GET", `/api/v1/studio/videos/${draft}`, { as: creator }))).posterUrls;
    expect(await Promise.all(all.map(fetched))).toEqual(["poster 0", "poster 1", "poster 2"]);
    const [, query] = all[0]!.split("?");
    expect((await fetch(`${town.ports.cdn.url(`v/${draft}/1/main.m3u8`)}?${query}`)).status).toBe(403);
    expect((await fetch(`${town.ports.cdn.url(`v/${published}/1/poster.0000000.jpg`)}?${query}`)).status).toBe(403);
  });

  it("knows no video of somebody else, in the same words as one that does not exist", async () => {
    const videoId = await aVideo(await aCreator(), { state: "published" });
    const other = await aCreator();
    const doors = [
      ["GET", "/api/v1/studio/videos/:id"],
      ["PATCH", "/api/v1/videos/:id", { version: 1, title: "奪う" }],
      ["POST", "/api/v1/videos/:id/publish"],
      ["POST", "/api/v1/videos/:id/unpublish"],
      ["DELETE", "/api/v1/videos/:id"],
    ] as const;
    for (const [method, path, body] of doors) {
      const ask = async (id: string) =>
        refusalOf(await knock(method, path.replace(":id", id), { as: other, ...(body ? { body } : {}) }));
      const foreign = await ask(videoId);
      expect(foreign).toMatchObject({ status: 404, code: "watch.video_not_found" });
      expect(foreign).toEqual(await ask(newId("video", now())));
      expect((await knock(method, path.replace(":id", videoId), body ? { body } : {})).status).toBe(401);
    }
    expect(await trailOf(videoId)).toEqual([]);
    expect((await stored(videoId)).state).toBe("published");
  });

  it("deletes once: recorded, announced, and found by nobody", async () => {
    const creator = await aCreator();
    const videoId = await aVideo(creator, { state: "published" });
    const erase = () => knock("DELETE", `/api/v1/videos/${videoId}`, { as: creator });
    expect((await erase()).status).toBe(204);
    expect((await erase()).status).toBe(404);
    expect(await stored(videoId)).toMatchObject({ state: "deleted", publishedAt: null, posterKey: null });
    expect((await trailOf(videoId)).filter((action) => action === "watch.video.delete")).toHaveLength(1);
    expect(await eventsOf(videoId, "watch.video_deleted")).toBe(1);
    expect((await knock("GET", `/api/v1/videos/${videoId}`, { as: creator })).status).toBe(404);
  });
});
