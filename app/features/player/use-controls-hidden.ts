import { useEffect, useState } from "react";
import { IDLE_MS, mayHideControls } from "./player-state.ts";
import type { Player } from "./use-player.ts";

/** Whether the controls are out of sight now: any sign of life brings them back. */
export function useControlsHidden({ state, parts, dispatch }: Player): boolean {
  const { activeMs, phase, panel, scrubS } = state;
  const stretch = [activeMs, phase, panel, scrubS].join(" ");
  // Hidden is said of one idle stretch: whatever happens begins another, in which they show
  const [hiddenIn, setHiddenIn] = useState("");
  useEffect(() => {
    const look = () => {
      const { activeElement } = document;
      const focused =
        parts.box()?.contains(activeElement) === true && activeElement?.matches(":focus-visible") === true;
      if (mayHideControls(parts.state(), performance.now(), focused)) setHiddenIn(stretch);
    };
    const timer = setTimeout(look, IDLE_MS + 20);
    return () => clearTimeout(timer);
  }, [stretch, parts]);

  useEffect(() => {
    const listening = new AbortController();
    const active = () => dispatch({ type: "active", nowMs: performance.now() });
    for (const name of ["pointermove", "pointerdown", "focusin", "focusout", "keydown"])
      parts.box()?.addEventListener(name, active, { signal: listening.signal });
    return () => listening.abort();
  }, [parts, dispatch]);
  return hiddenIn === stretch;
}
