import type { Engine } from "./engine.ts";
import type { PlaybackSession } from "./playback-session.ts";
import type { PlayerState } from "./player-state.ts";

/**
 * What one player is made of besides what is rendered: its elements, what brings the pictures, and the state as last rendered, for whoever is
 * called between two renderings. It lives as long as the component.
 */
export type PlayerParts = {
  video(): HTMLVideoElement | null;
  box(): HTMLDivElement | null;
  state(): PlayerState;
  engine(): Engine | null;
  session(): PlaybackSession | null;
  /** The person asked to play before there was anything to play. */
  wantsPlay(): boolean;
  keepVideo(element: HTMLVideoElement | null): void;
  keepBox(element: HTMLDivElement | null): void;
  keepState(state: PlayerState): void;
  keepEngine(engine: Engine | null): void;
  keepSession(session: PlaybackSession | null): void;
  keepWish(play: boolean): void;
};

export function newPlayerParts(first: PlayerState): PlayerParts {
  let video: HTMLVideoElement | null = null;
  let box: HTMLDivElement | null = null;
  let state = first;
  let engine: Engine | null = null;
  let session: PlaybackSession | null = null;
  let wantsPlay = false;
  return {
    video: () => video,
    box: () => box,
    state: () => state,
    engine: () => engine,
    session: () => session,
    wantsPlay: () => wantsPlay,
    keepVideo: (element) => void (video = element),
    keepBox: (element) => void (box = element),
    keepState: (next) => void (state = next),
    keepEngine: (next) => void (engine = next),
    keepSession: (next) => void (session = next),
    keepWish: (play) => void (wantsPlay = play),
  };
}
