import { type Dispatch, useEffect, useReducer, useState } from "react";
import { startEngine } from "./engine.ts";
import type { WireGrant } from "./grant.ts";
import { openPlaybackSession, playbackApi } from "./playback-session.ts";
import { type PlayerActions, playerActions } from "./player-actions.ts";
import { newPlayerParts, type PlayerParts } from "./player-parts.ts";
import { initialPlayerState, type PlayerEvent, playerReducer, type PlayerState } from "./player-state.ts";
import { usePositionReports } from "./use-position-reports.ts";
import { useVideoEvents } from "./use-video-events.ts";

export type PlayedVideo = { id: string; durationMs: number | null; resumeMs: number | null };

export type Player = {
  state: PlayerState;
  dispatch: Dispatch<PlayerEvent>;
  act: PlayerActions;
  grant: WireGrant | null;
  parts: PlayerParts;
};

/**
 * One player: begins to load at once, so that the first picture is there when somebody presses play. `csrf` is empty for visitors; only a
 * signed-in viewer's position is remembered.
 */
export function usePlayer(played: PlayedVideo, csrf: string): Player {
  const [state, dispatch] = useReducer(playerReducer, played, (from) =>
    initialPlayerState(from.durationMs, from.resumeMs),
  );
  const [parts] = useState(() => newPlayerParts(state));
  const [grant, setGrant] = useState<WireGrant | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [act] = useState(() => playerActions(parts, dispatch, () => setAttempt((n) => n + 1)));
  useEffect(() => parts.keepState(state), [parts, state]);
  useVideoEvents(parts, dispatch);
  usePositionReports(parts, grant, csrf);
  const videoId = played.id;
  useEffect(() => openPlayer({ videoId, csrf, attempt }, parts, dispatch, setGrant), [videoId, csrf, attempt, parts]);
  return { state, dispatch, act, grant, parts };
}

type Opening = {
  videoId: string;
  csrf: string;
  /** How often the person has tried again. */
  attempt: number;
};

/** Opens session and engine side by side; answers with what closes them. */
function openPlayer(
  { videoId, csrf, attempt }: Opening,
  parts: PlayerParts,
  dispatch: Dispatch<PlayerEvent>,
  setGrant: (grant: WireGrant) => void,
): () => void {
  const module = import("hls.js");
  // Looked at only once the grant is there; until then a failure must not count as unhandled
  module.catch(() => undefined);
  let closed = false;
  const fail = () => {
    if (!closed) dispatch({ type: "failed" });
  };
  const begin = async (first: WireGrant) => {
    const { positionS } = parts.state();
    const video = parts.video();
    if (!video) return;
    const engine = await startEngine(module, {
      video,
      startS: positionS > 0 || attempt > 0 ? positionS : (first.resumeMs ?? 0) / 1_000,
      grant: () => parts.session()?.grant() ?? first,
      watcher: {
        onLevels: (levels) => dispatch({ type: "levels", levels }),
        onLevelShown: (index) => dispatch({ type: "levelShown", index }),
        onForbidden: () => parts.session()?.refresh() ?? Promise.resolve(),
        onFatal: fail,
      },
    });
    if (closed) return engine.destroy();
    parts.keepEngine(engine);
    if (!parts.wantsPlay()) return;
    engine.expectPlay();
    void video.play().catch(() => dispatch({ type: "pause" }));
  };

  let begun = false;
  const session = openPlaybackSession(playbackApi(videoId, csrf), {
    onGrant(grant) {
      setGrant(grant);
      if (begun) return;
      begun = true;
      begin(grant).catch(fail);
    },
    onRefused({ code, message }) {
      parts.video()?.pause();
      dispatch({ type: "refused", code, message });
    },
    onUnreachable: fail,
  });
  parts.keepSession(session);
  return () => {
    closed = true;
    session.stop();
    parts.engine()?.destroy();
    parts.keepEngine(null);
    parts.keepSession(null);
  };
}
