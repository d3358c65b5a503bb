import { FastForward, Rewind } from "lucide-react";
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import type { Player } from "./use-player.ts";

const DOUBLE_TAP_MS = 280;
const LEAP_S = 10;

/**
 * The picture as a place to click and tap: a click plays or pauses, a double click fills the screen. On touch a tap first brings the controls
 * back, and two taps at the left or right leap ten seconds. Everything here is also a button or a key, so it is hidden from assistive technology.
 */
export function Surface({ player, controlsHidden }: { player: Player; controlsHidden: boolean }) {
  const { act, state } = player;
  const copy = useCopy(playerCopy);
  const tap = useRef<{ timer: number; atMs: number }>({ timer: 0, atMs: Number.NEGATIVE_INFINITY });
  const [leap, setLeap] = useState<{ by: number; n: number } | null>(null);
  useEffect(() => {
    if (!leap) return;
    const timer = setTimeout(() => setLeap(null), 700);
    return () => clearTimeout(timer);
  }, [leap]);

  const touch = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType !== "touch") return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - left) / width;
    const again = performance.now() - tap.current.atMs < DOUBLE_TAP_MS;
    clearTimeout(tap.current.timer);
    tap.current.atMs = performance.now();
    if (again && state.phase !== "idle" && (share < 0.35 || share > 0.65)) {
      const by = share < 0.35 ? -LEAP_S : LEAP_S;
      act.seekBy(by);
      setLeap((last) => ({
        by: last && Math.sign(last.by) === Math.sign(by) ? last.by + by : by,
        n: tap.current.atMs,
      }));
      return;
    }
    const wasHidden = controlsHidden;
    const single = () => {
      if (!wasHidden) act.toggle();
    };
    if (state.phase === "idle") single();
    else tap.current.timer = window.setTimeout(single, DOUBLE_TAP_MS);
  };

  return (
    <>
      <div
        aria-hidden="true"
        className="absolute inset-0 touch-manipulation select-none"
        onPointerUp={touch}
        onClick={(event) =>
          (event.nativeEvent as unknown as { pointerType?: string }).pointerType !== "touch" && act.toggle()
        }
        onDoubleClick={(event) =>
          (event.nativeEvent as unknown as { pointerType?: string }).pointerType !== "touch" && act.fullScreen()
        }
      />
      <div role="status" className="pointer-events-none absolute inset-0">
        {leap ? (
          <span
            className={`absolute top-1/2 flex -translate-y-1/2 animate-appear items-center gap-2 rounded-full bg-stage/80 px-4 py-2 text-sm ${leap.by < 0 ? "left-[10%]" : "right-[10%]"}`}
          >
            {leap.by < 0 ? (
              <Rewind aria-hidden="true" className="size-4" />
            ) : (
              <FastForward aria-hidden="true" className="size-4" />
            )}
            {leap.by < 0 ? copy.back(-leap.by) : copy.forward(leap.by)}
          </span>
        ) : null}
      </div>
    </>
  );
}
