import { type CSSProperties } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { classNames } from "#app/ui/class-names.ts";
import { Controls } from "./controls.tsx";
import { KeyList } from "./key-list.tsx";
import { Overlay } from "./overlay.tsx";
import { Surface } from "./surface.tsx";
import { useControlsHidden } from "./use-controls-hidden.ts";
import { useKeys } from "./use-keys.ts";
import { type PlayedVideo, usePlayer } from "./use-player.ts";

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
  const { state, act } = player;
  const { keepBox, keepVideo } = player.parts;
  const controlsHidden = useControlsHidden(player);
  useKeys(player, ownsPage);
  const ratio = video.width && video.height ? video.width / video.height : 16 / 9;
  return (
    <section
      ref={keepBox}
      aria-label={copy.player}
      data-testid="player"
      data-phase={state.phase}
      style={{ "--ratio": ratio } as CSSProperties}
      className={classNames(
        "@container relative mx-auto scheme-dark aspect-(--ratio) w-[min(100%,calc(75vh*var(--ratio)))] overflow-hidden bg-stage text-on-stage",
        "[&:fullscreen]:aspect-auto [&:fullscreen]:size-full [&:fullscreen]:rounded-none sm:rounded-md",
        controlsHidden && "cursor-none",
      )}
    >
      {/* Captions come with the stream where a video has them */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <video
        ref={keepVideo}
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
    </section>
  );
}
