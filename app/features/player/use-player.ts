import { type Dispatch, type RefObject, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { type Engine, startEngine } from "./engine.ts";
import type { WireGrant } from "./grant.ts";
import { openPlaybackSession, playbackApi, type PlaybackSession } from "./playback-session.ts";
import { type PlayerActions, playerActions } from "./player-actions.ts";
import { initialPlayerState, type PlayerEvent, playerReducer, type PlayerState } from "./player-state.ts";
import { usePositionReports } from "./use-position-reports.ts";
import { useVideoEvents } from "./use-video-events.ts";

export type PlayedVideo = { id: string; durationMs: number | null; resumeMs: number | null };

export type Player = {
  state: PlayerState;
  dispatch: Dispatch<PlayerEvent>;
  act: PlayerActions;
  grant: WireGrant | null;
  box: RefObject<HTMLDivElement>;
  video: RefObject<HTMLVideoElement>;
};

/** What one player is made of besides its state: it lives as long as the component and is never rendered. */
export type PlayerParts = {
  engine: Engine | null;
  session: PlaybackSession | null;
  /** The person asked to play before there was anything to play. */
  wantsPlay: boolean;
};

/**
 * One player: begins to load at once, so that the first picture is there when somebody presses play. `csrf` is empty for visitors; only a
 * signed-in viewer's position is remembered.
 */
export function usePlayer(played: PlayedVideo, csrf: string): Player {
  const box = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const parts = useRef<PlayerParts>({ engine: null, session: null, wantsPlay: false });
  const [state, dispatch] = useReducer(playerReducer, played, (from) =>
    initialPlayerState(from.durationMs, from.resumeMs),
  );
  const [grant, setGrant] = useState<WireGrant | null>(null);
  const [attempt, setAttempt] = useState(0);
  const latest = useRef(state);
  latest.current = state;

  useVideoEvents(video, dispatch);
  usePositionReports(video, grant, csrf);
  useEffect(
    () =>
      openPlayer({ videoId: played.id, csrf, video: video.current!, parts: parts.current, latest, dispatch, setGrant }),
    [played.id, csrf, attempt],
  );
  const act = useMemo(
    () => playerActions({ video, box, parts, latest, dispatch, retry: () => setAttempt((n) => n + 1) }),
    [],
  );
  return { state, dispatch, act, grant, box, video };
}

type Opening = {
  videoId: string;
  csrf: string;
  video: HTMLVideoElement;
  parts: PlayerParts;
  latest: { current: PlayerState };
  dispatch: Dispatch<PlayerEvent>;
  setGrant: (grant: WireGrant) => void;
};

/** Opens session and engine side by side; answers with what closes them. */
function openPlayer({ videoId, csrf, video, parts, latest, dispatch, setGrant }: Opening): () => void {
  const module = import("hls.js");
  // Looked at only once the grant is there; until then a failure must not count as unhandled
  module.catch(() => undefined);
  let closed = false;
  const fail = () => {
    if (!closed) dispatch({ type: "failed" });
  };
  const begin = async (first: WireGrant) => {
    const { positionS } = latest.current;
    const startS = positionS > 0 ? positionS : (first.resumeMs ?? 0) / 1_000;
    const engine = await startEngine(module, {
      video,
      startS,
      grant: () => parts.session?.grant() ?? first,
      watcher: {
        onLevels: (levels) => dispatch({ type: "levels", levels }),
        onLevelShown: (index) => dispatch({ type: "levelShown", index }),
        onForbidden: () => parts.session?.refresh() ?? Promise.resolve(),
        onFatal: fail,
      },
    });
    if (closed) return engine.destroy();
    parts.engine = engine;
    if (parts.wantsPlay) void video.play().catch(() => dispatch({ type: "pause" }));
  };

  let begun = false;
  parts.session = openPlaybackSession(playbackApi(videoId, csrf), {
    onGrant(grant) {
      setGrant(grant);
      if (begun) return;
      begun = true;
      begin(grant).catch(fail);
    },
    onRefused({ code, message }) {
      video.pause();
      dispatch({ type: "refused", code, message });
    },
    onUnreachable: fail,
  });
  return () => {
    closed = true;
    parts.session?.stop();
    parts.engine?.destroy();
    parts.engine = null;
    parts.session = null;
  };
}
