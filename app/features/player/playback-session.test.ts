import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RefusedError, UnreachableError } from "../house-api/refused-error.ts";
import type { WireGrant } from "./grant.ts";
import { openPlaybackSession, type PlaybackApi } from "./playback-session.ts";

const MINUTE_MS = 60_000;

/** A house whose answers a test lines up; what runs out of answers grants. */
function aHouse() {
  const asked: string[] = [];
  const refusals: Error[] = [];
  let n = 0;
  const answer = async (what: string) => {
    asked.push(what);
    const refusal = refusals.shift();
    if (refusal) throw refusal;
    const now = Date.now();
    const grant = { grant: `g${++n}`, playlistUrl: `/play/g${n}/main.m3u8`, cdnQuery: `s=${n}` };
    const at = (ms: number) => new Date(now + ms).toISOString();
    const value = { ...grant, expiresAt: at(10 * MINUTE_MS), renewAt: at(8 * MINUTE_MS) } as WireGrant;
    return { value, answeredMs: now };
  };
  const api: PlaybackApi = { start: () => answer("start"), renew: (grant) => answer(`renew ${grant}`) };
  return { api, asked, refusals };
}

function aWatcher() {
  const told: string[] = [];
  return {
    told,
    onGrant: ({ grant }: WireGrant) => void told.push(grant),
    onRefused: ({ code }: { code: string }) => void told.push(code),
    onUnreachable: () => void told.push("unreachable"),
  };
}
const refused = (code: string) => new RefusedError({ status: 403, code, message: "", facts: {} });

describe("playback session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("renews at four fifths of each grant's life, under the grant at hand", async () => {
    const { api, asked } = aHouse();
    const watcher = aWatcher();
    const session = openPlaybackSession(api, watcher);
    await vi.advanceTimersByTimeAsync(8 * MINUTE_MS - 1);
    expect(asked).toEqual(["start"]);
    await vi.advanceTimersByTimeAsync(8 * MINUTE_MS + 1);
    expect(asked).toEqual(["start", "renew g1", "renew g2"]);
    session.stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
    expect(asked).toHaveLength(3);
    expect(session.grant()?.grant).toBe("g3");
  });

  it("begins anew when the grant ran out while the computer slept", async () => {
    const { api, asked, refusals } = aHouse();
    const watcher = aWatcher();
    openPlaybackSession(api, watcher);
    await vi.advanceTimersByTimeAsync(0);
    refusals.push(refused("watch.grant_expired"));
    await vi.advanceTimersByTimeAsync(8 * MINUTE_MS);
    expect(asked).toEqual(["start", "renew g1", "start"]);
    expect(watcher.told).toEqual(["g1", "g2"]);
  });

  it("tells of a refusal once and stops asking", async () => {
    const { api, asked, refusals } = aHouse();
    const watcher = aWatcher();
    openPlaybackSession(api, watcher);
    await vi.advanceTimersByTimeAsync(0);
    refusals.push(refused("watch.plan_required"));
    await vi.advanceTimersByTimeAsync(60 * MINUTE_MS);
    expect(watcher.told).toEqual(["g1", "watch.plan_required"]);
    expect(asked).toHaveLength(2);
  });

  it("keeps trying through a bad network as long as the grant lives, then says so", async () => {
    const { api, asked, refusals } = aHouse();
    const watcher = aWatcher();
    openPlaybackSession(api, watcher);
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 60; i++) refusals.push(new UnreachableError());
    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);
    expect(asked.length).toBeGreaterThan(10);
    expect(watcher.told).toEqual(["g1", "unreachable"]);
  });

  it("asks once for several who need a new grant at the same time", async () => {
    const { api, asked } = aHouse();
    const session = openPlaybackSession(api, aWatcher());
    await Promise.all([session.refresh(), session.refresh()]);
    expect(asked).toEqual(["start"]);
  });
});
