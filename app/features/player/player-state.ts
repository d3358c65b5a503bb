/** A rendition as the quality menu shows it: `shortSide` is what people call 720p, upright or not. */
export type QualityLevel = { index: number; width: number; height: number; shortSide: number; bitrate: number };

/**
 * Where playing is: `idle` (poster, nothing asked for yet), `playing` and `paused` (as the person wants it; `waiting` says that pictures
 * are missing), `ended`, `failed` (a fault that trying again may cure), `refused` (the house does not allow playing any more).
 */
export type PlayerPhase = "idle" | "playing" | "paused" | "ended" | "failed" | "refused";

export type PlayerState = {
  phase: PlayerPhase;
  waiting: boolean;
  positionS: number;
  durationS: number;
  /** End of the loaded stretch around the position. */
  bufferedS: number;
  /** Where the person is dragging to; null when not dragging. */
  scrubS: number | null;
  volume: number;
  muted: boolean;
  rate: number;
  levels: readonly QualityLevel[];
  /** What the person chose; -1 is automatic. */
  chosenLevel: number;
  /** What is being shown; -1 while unknown. */
  shownLevel: number;
  fullScreen: boolean;
  pictureInPicture: boolean;
  captions: "none" | "off" | "on";
  /** A menu or the key list is open. */
  panel: "none" | "quality" | "speed" | "keys";
  /** When somebody last moved, touched or typed, in milliseconds. */
  activeMs: number;
  refusal: { code: string; message: string } | null;
};

export type PlayerEvent =
  | { type: "play" }
  | { type: "pause" }
  | { type: "ended" }
  | { type: "waiting" }
  | { type: "moving" }
  | { type: "time"; positionS: number; bufferedS: number }
  | { type: "duration"; durationS: number }
  | { type: "scrub"; positionS: number }
  | { type: "scrubEnd" }
  | { type: "volume"; volume: number; muted: boolean }
  | { type: "rate"; rate: number }
  | { type: "levels"; levels: readonly QualityLevel[] }
  | { type: "levelChosen"; index: number }
  | { type: "levelShown"; index: number }
  | { type: "captions"; captions: PlayerState["captions"] }
  | { type: "fullScreen"; on: boolean }
  | { type: "pictureInPicture"; on: boolean }
  | { type: "panel"; panel: PlayerState["panel"] }
  | { type: "active"; nowMs: number }
  | { type: "failed" }
  | { type: "refused"; code: string; message: string }
  | { type: "retry" };

export function initialPlayerState(durationMs: number | null, resumeMs: number | null): PlayerState {
  return {
    phase: "idle",
    waiting: false,
    positionS: (resumeMs ?? 0) / 1_000,
    durationS: (durationMs ?? 0) / 1_000,
    bufferedS: 0,
    scrubS: null,
    volume: 1,
    muted: false,
    rate: 1,
    levels: [],
    chosenLevel: -1,
    shownLevel: -1,
    fullScreen: false,
    pictureInPicture: false,
    captions: "none",
    panel: "none",
    activeMs: 0,
    refusal: null,
  };
}

/** What the player is after an event. A refusal stays: only the person's retry leads out of it. */
export function playerReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  if (state.phase === "refused" && event.type !== "retry") return refusedReducer(state, event);
  switch (event.type) {
    case "play":
      return { ...state, phase: "playing" };
    case "pause":
      return state.phase === "playing" ? { ...state, phase: "paused", waiting: false } : state;
    case "ended":
      return { ...state, phase: "ended", waiting: false, panel: "none" };
    case "waiting":
      return state.phase === "failed" ? state : { ...state, waiting: true };
    case "moving":
      return { ...state, waiting: false };
    default:
      return troubleReducer(settingsReducer(timeReducer(state, event), event), event);
  }
}

function troubleReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  const stopped = { waiting: false, panel: "none" } as const;
  switch (event.type) {
    case "failed":
      return { ...state, ...stopped, phase: "failed" };
    case "refused":
      return { ...state, ...stopped, phase: "refused", refusal: { code: event.code, message: event.message } };
    case "retry":
      return { ...state, phase: "paused", waiting: true, refusal: null };
    default:
      return state;
  }
}

/** A refused player still notices the window around it, nothing else. */
function refusedReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  return event.type === "fullScreen" || event.type === "pictureInPicture" ? settingsReducer(state, event) : state;
}

function timeReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  switch (event.type) {
    case "time": {
      const leftEnd = state.phase === "ended" && event.positionS < state.durationS - 0.5;
      const { positionS, bufferedS } = event;
      return { ...state, positionS, bufferedS, phase: leftEnd ? "paused" : state.phase };
    }
    case "duration":
      return event.durationS > 0 && Number.isFinite(event.durationS) ? { ...state, durationS: event.durationS } : state;
    case "scrub":
      return { ...state, scrubS: clamp(event.positionS, 0, state.durationS) };
    case "scrubEnd":
      return { ...state, positionS: state.scrubS ?? state.positionS, scrubS: null };
    default:
      return state;
  }
}

function settingsReducer(state: PlayerState, event: PlayerEvent): PlayerState {
  switch (event.type) {
    case "volume":
      return { ...state, volume: event.volume, muted: event.muted };
    case "rate":
      return { ...state, rate: event.rate };
    case "levels":
      return { ...state, levels: event.levels };
    case "levelChosen":
      return { ...state, chosenLevel: event.index, panel: "none" };
    case "levelShown":
      return { ...state, shownLevel: event.index };
    case "captions":
      return { ...state, captions: event.captions };
    case "fullScreen":
      return { ...state, fullScreen: event.on };
    case "pictureInPicture":
      return { ...state, pictureInPicture: event.on };
    case "panel":
      return { ...state, panel: event.panel };
    case "active":
      // A moving pointer tells of itself far more often than anything changes
      return event.nowMs - state.activeMs < ACTIVE_EVERY_MS ? state : { ...state, activeMs: event.nowMs };
    default:
      return state;
  }
}

const ACTIVE_EVERY_MS = 200;
/** Controls stay this long after the last sign of life. */
export const IDLE_MS = 3_000;

/** Whether the controls may be hidden now. They never hide while stopped, while something in them has the focus, or under an open menu. */
export function mayHideControls(
  state: Pick<PlayerState, "phase" | "panel" | "scrubS" | "activeMs">,
  nowMs: number,
  focusInside: boolean,
): boolean {
  return (
    state.phase === "playing" &&
    state.panel === "none" &&
    state.scrubS === null &&
    !focusInside &&
    nowMs - state.activeMs >= IDLE_MS
  );
}

/** The levels to offer, best first; of several with the same short side only the one with the most bits. */
export function offeredLevels(levels: readonly QualityLevel[]): QualityLevel[] {
  const best = new Map<number, QualityLevel>();
  for (const level of levels) {
    const known = best.get(level.shortSide);
    if (!known || known.bitrate < level.bitrate) best.set(level.shortSide, level);
  }
  return [...best.values()].sort((a, b) => b.shortSide - a.shortSide);
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
