import type { Dispatch, RefObject } from "react";
import { type PlayerCommand, steppedRate } from "./player-keys.ts";
import { clamp, type PlayerEvent, type PlayerState } from "./player-state.ts";
import type { PlayerParts } from "./use-player.ts";

/** What controls, keys and gestures may ask of a player. */
export type PlayerActions = {
  toggle(): void;
  seekTo(positionS: number): void;
  seekBy(seconds: number): void;
  setVolume(volume: number): void;
  mute(): void;
  setRate(rate: number): void;
  chooseLevel(index: number): void;
  captions(): void;
  fullScreen(): void;
  pictureInPicture(): void;
  retry(): void;
  obey(command: PlayerCommand): void;
};

type Tools = {
  video: RefObject<HTMLVideoElement>;
  box: RefObject<HTMLDivElement>;
  parts: RefObject<PlayerParts>;
  latest: { current: PlayerState };
  dispatch: Dispatch<PlayerEvent>;
  retry(): void;
};

/** Safari on phones knows full screen only for the video itself. */
type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void };

export function playerActions({ video, box, parts, latest, dispatch, retry }: Tools): PlayerActions {
  const element = () => video.current!;
  const play = () => {
    parts.current!.wantsPlay = true;
    parts.current!.engine?.expectPlay();
    if (parts.current!.engine)
      return void element()
        .play()
        .catch(() => undefined);
    dispatch({ type: "play" });
    dispatch({ type: "waiting" });
  };
  const pause = () => {
    parts.current!.wantsPlay = false;
    element().pause();
    dispatch({ type: "pause" });
  };
  const seekTo = (positionS: number) => {
    const { durationS } = latest.current;
    if (durationS <= 0) return;
    element().currentTime = clamp(positionS, 0, durationS);
  };

  const act: PlayerActions = {
    toggle() {
      const { phase } = latest.current;
      if (phase === "failed" || phase === "refused") return;
      if (phase === "playing") return pause();
      if (phase === "ended") seekTo(0);
      play();
    },
    seekTo,
    seekBy: (seconds) => seekTo(element().currentTime + seconds),
    setVolume(volume) {
      element().volume = clamp(volume, 0, 1);
      element().muted = volume <= 0;
    },
    mute: () => void (element().muted = !element().muted),
    setRate(rate) {
      element().playbackRate = rate;
      dispatch({ type: "panel", panel: "none" });
    },
    chooseLevel(index) {
      parts.current!.engine?.chooseLevel(index);
      dispatch({ type: "levelChosen", index });
    },
    captions() {
      const { captions } = latest.current;
      if (captions === "none") return;
      const next = captions === "on" ? "off" : "on";
      for (const track of element().textTracks) track.mode = next === "on" ? "showing" : "hidden";
      dispatch({ type: "captions", captions: next });
    },
    fullScreen() {
      if (document.fullscreenElement) return void document.exitFullscreen();
      if (box.current?.requestFullscreen) return void box.current.requestFullscreen().catch(() => undefined);
      (element() as PhoneVideo).webkitEnterFullscreen?.();
    },
    pictureInPicture() {
      const asked = document.pictureInPictureElement
        ? document.exitPictureInPicture()
        : element().requestPictureInPicture();
      asked.catch(() => undefined);
    },
    retry() {
      dispatch({ type: "retry" });
      retry();
    },
    obey: (command) => obey(act, command, { latest, dispatch, durationS: () => latest.current.durationS, element }),
  };
  return act;
}

function obey(
  act: PlayerActions,
  command: PlayerCommand,
  {
    latest,
    dispatch,
    durationS,
    element,
  }: Pick<Tools, "latest" | "dispatch"> & {
    durationS(): number;
    element(): HTMLVideoElement;
  },
): void {
  switch (command.do) {
    case "toggle":
      return act.toggle();
    case "seekBy":
      return act.seekBy(command.seconds);
    case "seekToShare":
      return act.seekTo(durationS() * command.share);
    case "volumeBy":
      return act.setVolume(element().volume + command.step);
    case "mute":
      return act.mute();
    case "captions":
      return act.captions();
    case "fullScreen":
      return act.fullScreen();
    case "rateBy":
      return act.setRate(steppedRate(element().playbackRate, command.step));
    case "keys":
      return dispatch({ type: "panel", panel: latest.current.panel === "keys" ? "none" : "keys" });
  }
}
