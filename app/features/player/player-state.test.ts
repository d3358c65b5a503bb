import { describe, expect, it } from "vitest";
import { belongsToTarget, commandOfKey, steppedRate } from "./player-keys.ts";
import {
  initialPlayerState,
  mayHideControls,
  offeredLevels,
  type PlayerEvent,
  playerReducer,
  type PlayerState,
} from "./player-state.ts";

const after = (...events: PlayerEvent[]): PlayerState => events.reduce(playerReducer, initialPlayerState(60_000, null));

describe("player", () => {
  it("shows the poster until the first play, then follows the element", () => {
    expect(after().phase).toBe("idle");
    expect(after({ type: "pause" }).phase).toBe("idle");
    expect(after({ type: "play" }, { type: "pause" }).phase).toBe("paused");
    expect(after({ type: "play" }, { type: "ended" }).phase).toBe("ended");
  });

  it("starts where the viewer left off", () => {
    expect(initialPlayerState(60_000, 12_500).positionS).toBe(12.5);
  });

  it("stays ended when the element pauses after its end, and leaves the end by seeking back", () => {
    const ended = after({ type: "play" }, { type: "ended" }, { type: "pause" });
    expect(ended.phase).toBe("ended");
    expect(playerReducer(ended, { type: "time", positionS: 59.8, bufferedS: 60 }).phase).toBe("ended");
    expect(playerReducer(ended, { type: "time", positionS: 10, bufferedS: 60 }).phase).toBe("paused");
  });

  it("shows a stall only while it lasts", () => {
    expect(after({ type: "play" }, { type: "waiting" }).waiting).toBe(true);
    expect(after({ type: "play" }, { type: "waiting" }, { type: "moving" }).waiting).toBe(false);
    expect(after({ type: "play" }, { type: "waiting" }, { type: "pause" }).waiting).toBe(false);
  });

  it("lets nothing but a retry lead out of a refusal", () => {
    const refused = after({ type: "play" }, { type: "refused", code: "watch.plan_required", message: "…" });
    for (const event of [{ type: "play" }, { type: "ended" }, { type: "failed" }, { type: "pause" }] as const)
      expect(playerReducer(refused, event)).toBe(refused);
    expect(playerReducer(refused, { type: "fullScreen", on: true }).fullScreen).toBe(true);
    expect(playerReducer(refused, { type: "retry" })).toMatchObject({ phase: "paused", refusal: null, waiting: true });
  });

  it("keeps a drag inside the video and takes it over at its end", () => {
    const dragging = after({ type: "scrub", positionS: 999 });
    expect(dragging.scrubS).toBe(60);
    expect(playerReducer(dragging, { type: "time", positionS: 3, bufferedS: 9 }).scrubS).toBe(60);
    expect(playerReducer(dragging, { type: "scrubEnd" })).toMatchObject({ scrubS: null, positionS: 60 });
  });

  it("ignores a duration that is no number", () => {
    expect(after({ type: "duration", durationS: Number.NaN }).durationS).toBe(60);
    expect(after({ type: "duration", durationS: Number.POSITIVE_INFINITY }).durationS).toBe(60);
  });

  it("hides the controls after three idle seconds of playing, never under focus, a menu or a drag", () => {
    const playing = after({ type: "play" }, { type: "active", nowMs: 1_000 });
    expect(mayHideControls(playing, 3_999, false)).toBe(false);
    expect(mayHideControls(playing, 4_000, false)).toBe(true);
    expect(mayHideControls(playing, 4_000, true)).toBe(false);
    expect(mayHideControls({ ...playing, panel: "speed" }, 9_000, false)).toBe(false);
    expect(mayHideControls({ ...playing, scrubS: 1 }, 9_000, false)).toBe(false);
    expect(mayHideControls({ ...playing, phase: "paused" }, 9_000, false)).toBe(false);
  });

  it("offers each height once, best first", () => {
    const level = (index: number, shortSide: number, bitrate: number) => ({
      index,
      shortSide,
      bitrate,
      width: shortSide,
      height: shortSide * 2,
    });
    const offered = offeredLevels([level(0, 480, 2), level(1, 720, 4), level(2, 720, 5), level(3, 240, 1)]);
    expect(offered.map(({ index }) => index)).toEqual([2, 0, 3]);
  });
});

describe("player keys", () => {
  const press = (key: string, held = {}) =>
    commandOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

  it("know the usual ones, also with caps lock", () => {
    expect(press(" ")).toEqual({ do: "toggle" });
    expect(press("K")).toEqual({ do: "toggle" });
    expect(press("j")).toEqual({ do: "seekBy", seconds: -10 });
    expect(press("7")).toEqual({ do: "seekToShare", share: 0.7 });
    expect(press(">")).toEqual({ do: "rateBy", step: 1 });
    expect(press("q")).toBeNull();
  });

  it("leave the browser's own combinations alone", () => {
    expect(press("f", { ctrlKey: true })).toBeNull();
    expect(press("l", { metaKey: true })).toBeNull();
    expect(press("ArrowLeft", { altKey: true })).toBeNull();
  });

  it("stay with whoever has the focus when they mean something there", () => {
    const on = (tagName: string, rest: { type?: string; role?: string } = {}) => ({ tagName, role: null, ...rest });
    expect(belongsToTarget("k", on("TEXTAREA"), false)).toBe(true);
    expect(belongsToTarget("k", on("INPUT", { type: "text" }), false)).toBe(true);
    expect(belongsToTarget(" ", on("BUTTON"), true)).toBe(true);
    expect(belongsToTarget("k", on("BUTTON"), true)).toBe(false);
    expect(belongsToTarget("ArrowUp", on("INPUT", { type: "range" }), true)).toBe(true);
    expect(belongsToTarget("ArrowDown", on("BODY"), false)).toBe(true);
    expect(belongsToTarget("ArrowLeft", on("DIV"), true)).toBe(false);
  });

  it("step through the rates and stop at both ends", () => {
    expect(steppedRate(1, 1)).toBe(1.25);
    expect(steppedRate(0.5, -1)).toBe(0.5);
    expect(steppedRate(2, 1)).toBe(2);
    expect(steppedRate(1.1, -1)).toBe(1);
  });
});
