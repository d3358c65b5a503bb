import {
  Captions,
  Gauge,
  Maximize,
  Minimize,
  Pause,
  PictureInPicture2,
  Play,
  RotateCcw,
  Volume1,
  Volume2,
  VolumeX,
} from "lucide-react";
import { type ReactNode, useSyncExternalStore } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { classNames } from "#app/ui/class-names.ts";
import { formatDuration } from "#app/ui/format.ts";
import { ChoiceMenu } from "./choice-menu.tsx";
import { CONTROL } from "./control-look.ts";
import { RATES } from "./player-keys.ts";
import { offeredLevels } from "./player-state.ts";
import { SeekBar } from "./seek-bar.tsx";
import type { Player } from "./use-player.ts";

/** The player's bar: the seek bar above, its buttons below. */
export function Controls({ player, hidden }: { player: Player; hidden: boolean }) {
  const { state } = player;
  return (
    <div
      className={classNames(
        "pointer-events-none absolute inset-x-0 bottom-0 bg-linear-to-t from-stage/95 via-stage/70 to-transparent px-2 pt-10 transition-opacity duration-200 @2xl:px-3",
        hidden ? "opacity-0" : "*:pointer-events-auto",
      )}
    >
      <SeekBar player={player} />
      <div className="flex items-center gap-0.5 pb-1">
        <PlayButton player={player} />
        <Volume player={player} />
        <p className="figures px-1.5 text-sm whitespace-nowrap">
          {formatDuration((state.scrubS ?? state.positionS) * 1_000)}
          <span className="text-stage-soft @max-sm:hidden"> / {formatDuration(state.durationS * 1_000)}</span>
        </p>
        <div className="flex-1" />
        <CaptionsButton player={player} />
        <SpeedMenu player={player} />
        <QualityMenu player={player} />
        <PictureInPictureButton player={player} />
        <FullScreenButton player={player} />
      </div>
    </div>
  );
}

function ControlButton({
  label,
  onClick,
  className,
  pressed,
  children,
}: {
  label: string;
  onClick: () => void;
  className?: string;
  pressed?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={classNames(CONTROL, className)}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

function PlayButton({ player: { state, act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  const [label, icon] =
    state.phase === "playing"
      ? [copy.pause, <Pause key="pause" aria-hidden="true" className="fill-current" />]
      : state.phase === "ended"
        ? [copy.replay, <RotateCcw key="replay" aria-hidden="true" />]
        : [copy.play, <Play key="play" aria-hidden="true" className="fill-current" />];
  return (
    <ControlButton label={label} onClick={act.toggle}>
      {icon}
    </ControlButton>
  );
}

function Volume({ player: { state, act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  const shown = state.muted ? 0 : state.volume;
  const Icon = shown === 0 ? VolumeX : shown < 0.5 ? Volume1 : Volume2;
  return (
    <>
      <ControlButton label={state.muted ? copy.unmute : copy.mute} onClick={act.mute}>
        <Icon aria-hidden="true" />
      </ControlButton>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={shown}
        aria-label={copy.volume}
        aria-valuetext={copy.percent(Math.round(shown * 100))}
        className="h-11 w-20 cursor-pointer accent-on-stage focus-visible:outline-on-stage @max-lg:hidden"
        onChange={(event) => act.setVolume(event.currentTarget.valueAsNumber)}
      />
    </>
  );
}

function CaptionsButton({ player: { state, act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  if (state.captions === "none") return null;
  const on = state.captions === "on";
  return (
    <ControlButton label={on ? copy.captionsOff : copy.captionsOn} pressed={on} onClick={act.captions}>
      <Captions aria-hidden="true" />
    </ControlButton>
  );
}

function SpeedMenu({ player: { state, act, dispatch } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  const words = (rate: number) => (rate === 1 ? copy.normal : `${rate}×`);
  return (
    <ChoiceMenu
      label={copy.speedNow(words(state.rate))}
      title={copy.speed}
      open={state.panel === "speed"}
      onOpenChange={(open) => dispatch({ type: "panel", panel: open ? "speed" : "none" })}
      choices={RATES.map((rate) => ({ value: rate, label: words(rate) }))}
      chosen={state.rate}
      onChoose={act.setRate}
      testId="player-speed"
    >
      {state.rate === 1 ? <Gauge aria-hidden="true" /> : <span className="figures text-sm">{state.rate}×</span>}
    </ChoiceMenu>
  );
}

function QualityMenu({ player: { state, act, dispatch } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  const levels = offeredLevels(state.levels);
  if (levels.length === 0) return null;
  const shown = state.levels[state.shownLevel];
  const auto = shown ? copy.autoNow(`${shown.shortSide}p`) : copy.auto;
  const chosen = state.levels[state.chosenLevel];
  return (
    <ChoiceMenu
      label={copy.qualityNow(chosen ? `${chosen.shortSide}p` : auto)}
      title={copy.quality}
      open={state.panel === "quality"}
      onOpenChange={(open) => dispatch({ type: "panel", panel: open ? "quality" : "none" })}
      choices={[
        { value: -1, label: state.chosenLevel === -1 ? auto : copy.auto },
        ...levels.map(({ index, shortSide }) => ({ value: index, label: `${shortSide}p` })),
      ]}
      chosen={state.chosenLevel}
      onChoose={act.chooseLevel}
      testId="player-quality"
    >
      <span className="figures px-0.5 text-sm font-medium">{shown ? `${shown.shortSide}p` : copy.auto}</span>
    </ChoiceMenu>
  );
}

const neverChanges = () => () => undefined;

function PictureInPictureButton({ player: { act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  const known = useSyncExternalStore(
    neverChanges,
    () => document.pictureInPictureEnabled === true,
    () => false,
  );
  if (!known) return null;
  return (
    <ControlButton label={copy.pictureInPicture} className="@max-md:hidden" onClick={act.pictureInPicture}>
      <PictureInPicture2 aria-hidden="true" />
    </ControlButton>
  );
}

function FullScreenButton({ player: { state, act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  return (
    <ControlButton label={state.fullScreen ? copy.leaveFullScreen : copy.fullScreen} onClick={act.fullScreen}>
      {state.fullScreen ? <Minimize aria-hidden="true" /> : <Maximize aria-hidden="true" />}
    </ControlButton>
  );
}
