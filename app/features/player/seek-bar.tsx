import { type PointerEvent, useRef, useState } from "react";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { formatDuration, spokenDuration } from "#app/ui/format.ts";
import { clamp } from "./player-state.ts";
import { storyboardFrame } from "./storyboard.ts";
import type { Player } from "./use-player.ts";

/** Half of the slider's thumb: as far as its middle stays away from either end. */
const THUMB_HALF_PX = 8;
const STEP_S = 5;

/** Where playing is, what is loaded, and a picture of where one would land. A native slider, so every assistive technology knows it. */
export function SeekBar({ player }: { player: Player }) {
  const { state, act, dispatch } = player;
  const copy = useCopy(playerCopy);
  const locale = useLocale();
  const dragging = useRef(false);
  const [hoverS, setHoverS] = useState<number | null>(null);
  const { durationS } = state;
  const shownS = Math.min(state.scrubS ?? state.positionS, durationS || 0);
  const share = (seconds: number) => (durationS > 0 ? clamp(seconds / durationS, 0, 1) : 0);

  const change = (positionS: number) => {
    if (dragging.current) dispatch({ type: "scrub", positionS });
    else act.seekTo(positionS);
  };
  const drop = () => {
    if (!dragging.current) return;
    dragging.current = false;
    if (state.scrubS !== null) act.seekTo(state.scrubS);
    dispatch({ type: "scrubEnd" });
  };
  const hover = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === "touch") return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = (event.clientX - left - THUMB_HALF_PX) / Math.max(1, width - 2 * THUMB_HALF_PX);
    setHoverS(clamp(at, 0, 1) * durationS);
  };

  const previewS = state.scrubS ?? hoverS;
  return (
    <div className="relative h-6" onPointerMove={hover} onPointerLeave={() => setHoverS(null)}>
      {previewS === null || durationS <= 0 ? null : (
        <Preview player={player} positionS={previewS} share={share(previewS)} />
      )}
      <div
        aria-hidden="true"
        className="pointer-events-none absolute inset-x-2 top-1/2 h-1 -translate-y-1/2 rounded-full bg-on-stage/25"
      >
        <Bar share={share(state.bufferedS)} look="bg-on-stage/40" />
        <Bar share={share(shownS)} look="bg-accent" />
      </div>
      <input
        type="range"
        min={0}
        max={durationS || 1}
        step="any"
        value={shownS}
        disabled={durationS <= 0}
        aria-label={copy.seek}
        aria-valuetext={copy.position(
          spokenDuration(shownS * 1_000, locale),
          spokenDuration(durationS * 1_000, locale),
        )}
        data-testid="player-seek"
        className="absolute inset-0 size-full cursor-pointer appearance-none bg-transparent focus-visible:outline-on-stage [&::-moz-range-thumb]:size-4 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-accent [&::-webkit-slider-thumb]:size-4 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-accent"
        onPointerDown={() => (dragging.current = true)}
        onPointerUp={drop}
        onPointerCancel={drop}
        onChange={(event) => change(event.currentTarget.valueAsNumber)}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -STEP_S, ArrowDown: -STEP_S, ArrowRight: STEP_S, ArrowUp: STEP_S }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          act.seekBy(step);
        }}
      />
    </div>
  );
}

function Bar({ share, look }: { share: number; look: string }) {
  return (
    <div className={`absolute inset-0 origin-left rounded-full ${look}`} style={{ transform: `scaleX(${share})` }} />
  );
}

/** The picture and the time above a place of the bar; it never leaves the player at either side. */
function Preview({ player: { grant }, positionS, share }: { player: Player; positionS: number; share: number }) {
  const frame = storyboardFrame(grant?.storyboard ?? null, positionS, grant?.cdnQuery ?? "");
  const width = frame ? Math.round((frame.width / frame.height) * 90) : 64;
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute bottom-7 flex flex-col items-center gap-1"
      style={{ width, left: `clamp(0px, calc(${share * 100}% - ${width / 2}px), calc(100% - ${width}px))` }}
    >
      {frame ? (
        <img
          src={frame.url}
          alt=""
          width={frame.width}
          height={frame.height}
          decoding="async"
          className="h-[90px] w-full rounded-sm border border-on-stage/40 bg-stage object-cover"
        />
      ) : null}
      <span className="figures rounded-sm bg-stage/90 px-1.5 text-xs">{formatDuration(positionS * 1_000)}</span>
    </div>
  );
}
