import { useLocation } from "@remix-run/react";
import { Lock } from "lucide-react";
import { useCopy } from "#app/copy/define-copy.ts";
import { watchCopy } from "#app/copy/watch.ts";
import { signInPath } from "#app/ui/addresses.ts";
import { LinkButton } from "#app/ui/button.tsx";
import type { VideoView } from "#worker/products/watch/views.ts";

type Refusal = Extract<VideoView["playable"], { ok: false }>["refusal"];

/** Stands in the player's place when this viewer may not play: the picture, why, and the way out. */
export function LockedStage({ video, refusal }: { video: VideoView; refusal: Refusal }) {
  const copy = useCopy(watchCopy);
  const { title, message } = copy.refusals[refusal];
  return (
    <div className="relative flex aspect-video min-h-72 w-full flex-col items-center justify-center overflow-hidden bg-stage text-on-stage scheme-dark sm:rounded-md">
      {video.posterUrl ? (
        <img
          src={video.posterUrl}
          alt=""
          width={1280}
          height={720}
          className="absolute inset-0 size-full object-contain opacity-20"
        />
      ) : null}
      <div className="relative flex flex-col items-center gap-3 p-6 text-center">
        <Lock aria-hidden="true" className="size-8 stroke-[1.5]" />
        <h2 className="text-xl">{title}</h2>
        <p className="max-w-prose text-sm">{message}</p>
        <div className="mt-2">
          <WayOut video={video} refusal={refusal} />
        </div>
      </div>
    </div>
  );
}

function WayOut({ video, refusal }: { video: VideoView; refusal: Refusal }) {
  const copy = useCopy(watchCopy);
  const { pathname } = useLocation();
  const [to, words] =
    refusal === "watch.sign_in_required"
      ? [signInPath(pathname), copy.toSignIn]
      : refusal === "watch.plan_required"
        ? ["/plans", copy.toPlans]
        : video.own
          ? [`/studio/v/${video.id}`, copy.toStudio]
          : ["/", copy.toHome];
  return (
    <LinkButton variant="primary" to={to}>
      {words}
    </LinkButton>
  );
}
