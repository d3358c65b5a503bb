import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { classNames } from "#app/ui/class-names.ts";
import { Controls } from "./controls.tsx";
import { KeyList } from "./key-list.tsx";
import { Overlay } from "./overlay.tsx";
import { belongsToTarget, commandOfKey } from "./player-keys.ts";
import { IDLE_MS, mayHideControls } from "./player-state.ts";
import { Surface } from "./surface.tsx";
import { type PlayedVideo, type Player as PlayerHandle, usePlayer } from "./use-player.ts";

type PlayerProps = {
  video: PlayedVideo & { title: string; posterUrl: string | null; width: number | null; height: number | null };
  /** The session's token; empty for visitors. */
  csrf: string;
  /** Keys work on the whole page, not only inside the player: for pages that are about this one video. */
  ownsPage?: boolean;
};

/** Plays one video of the house. The box has the video's own shape, as large as the column and three quarters of the window allow. */
export function Player({ video, csrf, ownsPage = false }: PlayerProps) {
  const copy = useCopy(playerCopy);
  const player = usePlayer(video, csrf);
  const { state, dispatch, act, box } = player;
  const controlsHidden = useControlsHidden(player);
  useKeys(player, ownsPage);
  const ratio = video.width && video.height ? video.width / video.height : 16 / 9;
  return (
    <div
      ref={box}
      role="region"
      aria-label={copy.player}
      data-testid="player"
      data-phase={state.phase}
      style={{ "--ratio": ratio } as CSSProperties}
      className={classNames(
        "@container relative mx-auto scheme-dark aspect-(--ratio) w-[min(100%,calc(75vh*var(--ratio)))] overflow-hidden bg-stage text-on-stage",
        "[&:fullscreen]:aspect-auto [&:fullscreen]:size-full [&:fullscreen]:rounded-none sm:rounded-md",
        controlsHidden && "cursor-none",
      )}
      onPointerMove={() => dispatch({ type: "active", nowMs: performance.now() })}
      onFocus={() => dispatch({ type: "active", nowMs: performance.now() })}
      onKeyDown={() => dispatch({ type: "active", nowMs: performance.now() })}
    >
      <video
        ref={player.video}
        playsInline
        preload="auto"
        poster={video.posterUrl ?? undefined}
        aria-label={video.title}
        className="absolute inset-0 size-full object-contain"
      />
      <Surface player={player} controlsHidden={controlsHidden} />
      <Overlay player={player} />
      {state.phase === "failed" || state.phase === "refused" ? null : (
        <Controls player={player} hidden={controlsHidden} />
      )}
      {state.panel === "keys" ? <KeyList onClose={() => act.obey({ do: "keys" })} /> : null}
    </div>
  );
}

/** Whether the controls are out of sight now. */
function useControlsHidden({ state, box }: PlayerHandle): boolean {
  const [hidden, setHidden] = useState(false);
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    setHidden(false);
    const look = () => {
      const focused =
        box.current?.contains(document.activeElement) && document.activeElement?.matches(":focus-visible");
      setHidden(mayHideControls(latest.current, performance.now(), focused === true));
    };
    const timer = setTimeout(look, IDLE_MS + 20);
    return () => clearTimeout(timer);
  }, [state.activeMs, state.phase, state.panel, state.scrubS, box]);
  return hidden;
}

function useKeys({ act, box, dispatch, state }: PlayerHandle, ownsPage: boolean): void {
  const panel = useRef(state.panel);
  panel.current = state.panel;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event;
      if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
      const inPlayer = box.current?.contains(target) ?? false;
      if (!inPlayer && (!ownsPage || target.closest("[role=dialog],[role=menu]"))) return;
      if (event.key === "Escape" && panel.current !== "none") return dispatch({ type: "panel", panel: "none" });
      const { tagName, isContentEditable } = target;
      const about = { tagName, isContentEditable, role: target.getAttribute("role") };
      const type = target instanceof HTMLInputElement ? target.type : undefined;
      if (belongsToTarget(event.key, type === undefined ? about : { ...about, type }, inPlayer)) return;
      const command = commandOfKey(event);
      if (!command) return;
      event.preventDefault();
      dispatch({ type: "active", nowMs: performance.now() });
      act.obey(command);
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [act, box, dispatch, ownsPage]);
}
