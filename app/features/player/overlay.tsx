import { useLocation } from "@remix-run/react";
import { Play, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { signInPath } from "#app/ui/addresses.ts";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { Spinner } from "#app/ui/spinner.tsx";
import type { PlayerState } from "./player-state.ts";
import type { Player } from "./use-player.ts";

const ROUND =
  "pointer-events-auto inline-flex size-18 items-center justify-center rounded-full bg-stage/80 text-on-stage transition-opacity duration-150 hover:opacity-90 [&_svg]:size-8";

/** What lies over the picture: the big play button, the ring of a stall, the way to see it again, and what went wrong. */
export function Overlay({ player: { state, act } }: { player: Player }) {
  const copy = useCopy(playerCopy);
  if (state.phase === "failed")
    return (
      <Trouble title={copy.failed} message={copy.failedMessage}>
        <Button variant="primary" icon={<RotateCcw aria-hidden="true" />} onClick={act.retry}>
          {copy.retry}
        </Button>
      </Trouble>
    );
  if (state.phase === "refused")
    return (
      <Trouble title={copy.refused} message={state.refusal?.message ?? ""}>
        <WayOut code={state.refusal?.code ?? ""} onRetry={act.retry} />
      </Trouble>
    );
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center @max-md:bottom-16">
      <Middle state={state} onToggle={act.toggle} />
    </div>
  );
}

function Middle({ state, onToggle }: { state: PlayerState; onToggle: () => void }) {
  const copy = useCopy(playerCopy);
  if (state.phase === "idle")
    return (
      <button type="button" aria-label={copy.play} data-testid="player-big-play" className={ROUND} onClick={onToggle}>
        <Play aria-hidden="true" className="translate-x-0.5 fill-current" />
      </button>
    );
  if (state.phase === "ended")
    return (
      <button type="button" aria-label={copy.replay} className={ROUND} onClick={onToggle}>
        <RotateCcw aria-hidden="true" />
      </button>
    );
  if (!state.waiting) return null;
  return (
    <span role="status">
      <Spinner className="size-12 border-3" />
      <span className="sr-only">{copy.loading}</span>
    </span>
  );
}

function WayOut({ code, onRetry }: { code: string; onRetry: () => void }) {
  const copy = useCopy(playerCopy);
  const { pathname, search } = useLocation();
  if (code === "watch.plan_required")
    return (
      <LinkButton variant="primary" to="/plans">
        {copy.toPlans}
      </LinkButton>
    );
  if (code === "watch.sign_in_required" || code === "house.unauthenticated")
    return (
      <LinkButton variant="primary" to={signInPath(`${pathname}${search}`)}>
        {copy.toSignIn}
      </LinkButton>
    );
  return (
    <Button variant="primary" onClick={onRetry}>
      {copy.retry}
    </Button>
  );
}

function Trouble({ title, message, children }: { title: string; message: string; children: ReactNode }) {
  return (
    <div
      role="alert"
      className="absolute inset-0 flex flex-col items-center justify-center gap-3 overflow-y-auto bg-stage/90 p-6 text-center"
    >
      <p className="text-lg font-medium">{title}</p>
      <p className="max-w-prose text-sm text-stage-soft">{message}</p>
      <div className="mt-1">{children}</div>
    </div>
  );
}
