import { describe, expect, it } from "vitest";
import type { Id } from "../../kernel/ids.ts";
import { MINUTE_MS, SECOND_MS } from "../../kernel/time.ts";
import {
  decidePlayback,
  decidePublish,
  hasPublicPoster,
  planMatters,
  resumeAt,
  type Viewer,
  type Watchable,
} from "./rules.ts";

const userId = "usr_01jd00000000000000000000aa" as Id<"user">;
const nobody: Viewer = { userId: null, membersVideos: false, own: false, admin: false };
const free: Viewer = { ...nobody, userId };
const premium: Viewer = { ...free, membersVideos: true };
const admin: Viewer = { ...free, admin: true };
const owner: Viewer = { ...free, own: true };
const open: Watchable = { state: "published", visibility: "public", ageRating: "g" };

const outcome = (viewer: Viewer, video: Partial<Watchable>) => {
  const decision = decidePlayback(viewer, { ...open, ...video });
  return decision.ok ? "plays" : decision.because;
};

describe("decidePlayback", () => {
  it.each([
    ["public", ["plays", "plays", "plays", "plays", "plays"]],
    ["unlisted", ["plays", "plays", "plays", "plays", "plays"]],
    ["members", ["signInRequired", "planRequired", "plays", "plays", "plays"]],
    ["private", ["notFound", "notFound", "notFound", "notFound", "plays"]],
  ] as const)("%s: nobody, free, premium, operator, owner", (visibility, expected) => {
    expect([nobody, free, premium, admin, owner].map((viewer) => outcome(viewer, { visibility }))).toEqual(expected);
  });

  it.each(["uploading", "uploaded", "processing", "failed"] as const)(
    "%s is unknown to others and not playable for its owner",
    (state) => {
      for (const viewer of [nobody, premium, admin]) expect(outcome(viewer, { state })).toBe("notFound");
      expect(outcome(owner, { state })).toBe("notPlayable");
    },
  );

  it("lets the owner alone play what is ready but unpublished", () => {
    for (const viewer of [nobody, premium, admin]) expect(outcome(viewer, { state: "ready" })).toBe("notFound");
    expect(outcome(owner, { state: "ready" })).toBe("plays");
  });

  it("knows no deleted video, not even for its owner", () => {
    for (const viewer of [nobody, premium, admin, owner])
      expect(outcome(viewer, { state: "deleted" })).toBe("notFound");
  });

  it("keeps R18 switched off for everyone but the owner, before it asks for a plan", () => {
    for (const visibility of ["public", "unlisted", "members"] as const)
      for (const viewer of [nobody, free, premium, admin])
        expect(outcome(viewer, { visibility, ageRating: "r18" })).toBe("ageRestricted");
    expect(outcome(owner, { ageRating: "r18" })).toBe("plays");
    for (const ageRating of ["pg12", "r15"] as const) expect(outcome(nobody, { ageRating })).toBe("plays");
  });

  it("does not tell a private R18 video from one that does not exist", () => {
    expect(outcome(free, { visibility: "private", ageRating: "r18" })).toBe("notFound");
  });
});

describe("planMatters", () => {
  it("asks for the plan of a signed-in viewer of somebody else's members video, and of nobody else", () => {
    const members: Watchable = { ...open, visibility: "members" };
    expect(planMatters(free, members)).toBe(true);
    for (const viewer of [nobody, owner, admin]) expect(planMatters(viewer, members)).toBe(false);
    expect(planMatters(free, open)).toBe(false);
    expect(planMatters(free, { ...members, state: "ready" })).toBe(false);
  });
});

describe("hasPublicPoster", () => {
  it("shows a poster of neither private nor R18 videos", () => {
    expect(hasPublicPoster({ visibility: "private", ageRating: "g" })).toBe(false);
    expect(hasPublicPoster({ visibility: "public", ageRating: "r18" })).toBe(false);
    for (const visibility of ["public", "unlisted", "members"] as const)
      expect(hasPublicPoster({ visibility, ageRating: "r15" })).toBe(true);
  });
});

describe("resumeAt", () => {
  const minute = MINUTE_MS;
  it.each([
    ["nothing remembered", null, 10 * minute, null],
    ["length unknown", 60_000, null, null],
    ["at exactly 5 s", 5_000, 10 * minute, null],
    ["just after 5 s", 5_001, 10 * minute, 5_001],
    ["just before 95 %", 10 * minute * 0.95 - 1, 10 * minute, 10 * minute * 0.95 - 1],
    ["at exactly 95 %", 10 * minute * 0.95, 10 * minute, null],
    ["95 % of a film one millisecond short of long", 20 * minute * 0.95, 20 * minute - 1, null],
    ["beyond 95 % of a long film", 20 * minute - 31 * SECOND_MS, 20 * minute, 20 * minute - 31 * SECOND_MS],
    ["30 s before the end of a long film", 20 * minute - 30 * SECOND_MS, 20 * minute, null],
    ["beyond the end, after the source was replaced", 12 * minute, 10 * minute, null],
    ["a clip shorter than five seconds", 4_000, 4_500, null],
  ])("%s", (_case, position, duration, expected) => {
    expect(resumeAt(position, duration)).toBe(expected);
  });
});

describe("decidePublish", () => {
  it.each([
    ["ready", false, { ok: true, step: "publish" }],
    ["ready", true, { ok: true, step: "publish" }],
    ["published", false, { ok: true, step: "none" }],
    ["uploading", false, { ok: true, step: "whenReady" }],
    ["uploaded", false, { ok: true, step: "whenReady" }],
    ["processing", false, { ok: true, step: "whenReady" }],
    ["processing", true, { ok: true, step: "none" }],
    ["failed", false, { ok: false, because: "notReady" }],
    ["deleted", false, { ok: false, because: "notReady" }],
  ] as const)("%s (publishes itself: %s)", (state, publishWhenReady, expected) => {
    expect(decidePublish({ state, publishWhenReady })).toEqual(expected);
  });
});
