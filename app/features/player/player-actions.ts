import type { Dispatch } from "react";
import { type PlayerCommand, steppedRate } from "./player-keys.ts";
import type { PlayerParts } from "./player-parts.ts";
import { clamp, type PlayerEvent } from "./player-state.ts";

/** What controls, keys and gestures may ask of a player. */
export type PlayerActions = Deeds & {
  retry(): void;
  obey(command: PlayerCommand): void;
};
type Deeds = Playing &
  Showing & {
    setVolume(volume: number): void;
    mute(): void;
    setRate(rate: number): void;
    chooseLevel(index: number): void;
  };
type Playing = { toggle(): void; seekTo(positionS: number): void; seekBy(seconds: number): void };
type Showing = { captions(): void; fullScreen(): void; pictureInPicture(): void };
type Tell = Dispatch<PlayerEvent>;

export function playerActions(parts: PlayerParts, dispatch: Tell, again: () => void): PlayerActions {
  const deeds: Deeds = {
    ...playing(parts, dispatch),
    ...showing(parts, dispatch),
    setVolume(volume) {
      const video = parts.video();
      if (!video) return;
      video.volume = clamp(volume, 0, 1);
      video.muted = volume <= 0;
    },
    mute() {
      const video = parts.video();
      if (video) video.muted = !video.muted;
    },
    setRate(rate) {
      const video = parts.video();
      if (video) video.playbackRate = rate;
      dispatch({ type: "panel", panel: "none" });
    },
    chooseLevel(index) {
      parts.engine()?.chooseLevel(index);
      dispatch({ type: "levelChosen", index });
    },
  };
  return {
    ...deeds,
    retry() {
      dispatch({ type: "retry" });
      again();
    },
    obey: (command) => obey(command, deeds, parts, dispatch),
  };
}

function playing(parts: PlayerParts, dispatch: Tell): Playing {
  const play = () => {
    const engine = parts.engine();
    parts.keepWish(true);
    engine?.expectPlay();
    if (engine)
      return void parts
        .video()
        ?.play()
        .catch(() => undefined);
    dispatch({ type: "play" });
    dispatch({ type: "waiting" });
  };
  const pause = () => {
    parts.keepWish(false);
    parts.video()?.pause();
    dispatch({ type: "pause" });
  };
  const seekTo = (positionS: number) => {
    const video = parts.video();
    const { durationS } = parts.state();
    if (video && durationS > 0) video.currentTime = clamp(positionS, 0, durationS);
  };
  return {
    seekTo,
    seekBy: (seconds) => seekTo((parts.video()?.currentTime ?? 0) + seconds),
    toggle() {
      const { phase } = parts.state();
      if (phase === "failed" || phase === "refused") return;
      if (phase === "playing") return pause();
      if (phase === "ended") seekTo(0);
      play();
    },
  };
}

/** Safari on phones knows full screen only for the video itself. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

function showing(parts: PlayerParts, dispatch: Tell): Showing {
  return {
    captions() {
      const { captions } = parts.state();
      if (captions === "none") return;
      const next = captions === "on" ? "off" : "on";
      for (const track of parts.video()?.textTracks ?? []) track.mode = next === "on" ? "showing" : "hidden";
      dispatch({ type: "captions", captions: next });
    },
    fullScreen() {
      const box = parts.box();
      if (document.fullscreenElement) void document.exitFullscreen();
      else if (box?.requestFullscreen) void box.requestFullscreen().catch(() => undefined);
      else (parts.video() as PhoneVideo | null)?.webkitEnterFullscreen?.();
    },
    pictureInPicture() {
      const asked = document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : parts.video()?.requestPictureInPicture();
      asked?.catch(() => undefined);
    },
  };
}

function obey(command: PlayerCommand, deeds: Deeds, parts: PlayerParts, dispatch: Tell): void {
  const { volume = 1, playbackRate = 1 } = parts.video() ?? {};
  switch (command.do) {
    case "seekBy":
      return deeds.seekBy(command.seconds);
    case "seekToShare":
      return deeds.seekTo(parts.state().durationS * command.share);
    case "volumeBy":
      return deeds.setVolume(volume + command.step);
    case "rateBy":
      return deeds.setRate(steppedRate(playbackRate, command.step));
    case "keys":
      return dispatch({ type: "panel", panel: parts.state().panel === "keys" ? "none" : "keys" });
    default:
      return deeds[command.do]();
  }
}
