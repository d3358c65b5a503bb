import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { Badge } from "#app/ui/badge.tsx";
import type { StudioVideo } from "#worker/products/watch/views.ts";

export type ShownState = Pick<StudioVideo, "state" | "percent" | "stateReason" | "publishWhenReady">;

const TONES = {
  uploading: "note",
  uploaded: "note",
  processing: "note",
  ready: "accent",
  published: "good",
  failed: "bad",
  deleted: "plain",
} as const;

/** Where a video is, in a word or two. */
export function StateBadge({ video }: { video: ShownState }) {
  const copy = useCopy(studioCopy);
  const waits = video.publishWhenReady && ["uploading", "uploaded", "processing"].includes(video.state);
  return (
    <span className="flex flex-wrap gap-1">
      <Badge tone={TONES[video.state]} className="figures">
        {stateWords(video, copy)}
      </Badge>
      {waits ? <Badge>{copy.willPublish}</Badge> : null}
    </span>
  );
}

type Copy = (typeof studioCopy)["ja"];

export function stateWords({ state, percent }: Pick<ShownState, "state" | "percent">, copy: Copy): string {
  return state === "processing" ? copy.converting(percent ?? 0) : copy.states[state];
}

/** The sentence of a failure's code. */
export function reasonWords(code: string | null, copy: Copy): string {
  return copy.reasons[code as keyof Copy["reasons"]] ?? copy.reasons.other;
}
