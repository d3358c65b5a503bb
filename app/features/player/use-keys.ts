import { useEffect } from "react";
import { belongsToTarget, commandOfKey } from "./player-keys.ts";
import type { Player } from "./use-player.ts";

/** Lets keys command the player: those pressed inside of it, and, if it owns the page, those that nobody else on the page wants. */
export function useKeys({ act, parts, dispatch }: Pick<Player, "act" | "parts" | "dispatch">, ownsPage: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
      const inPlayer = parts.box()?.contains(target) ?? false;
      const elsewhere = !ownsPage || target.closest("[role=dialog],[role=menu]") !== null;
      if (!inPlayer && elsewhere) return;
      if (event.key === "Escape" && parts.state().panel !== "none") return dispatch({ type: "panel", panel: "none" });
      if (belongsToTarget(event.key, about(target), inPlayer)) return;
      const command = commandOfKey(event);
      if (!command) return;
      event.preventDefault();
      dispatch({ type: "active", nowMs: performance.now() });
      act.obey(command);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [act, parts, dispatch, ownsPage]);
}

function about(target: HTMLElement) {
  const { tagName, isContentEditable } = target;
  const type = target instanceof HTMLInputElement ? target.type : undefined;
  return { tagName, isContentEditable, role: target.getAttribute("role"), ...(type === undefined ? {} : { type }) };
}
