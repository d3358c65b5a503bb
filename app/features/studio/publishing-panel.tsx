import { RotateCcw } from "lucide-react";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { videoPath } from "#app/ui/addresses.ts";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { Callout } from "#app/ui/callout.tsx";
import { PostForm } from "#app/ui/post-form.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { Time } from "#app/ui/time.tsx";
import type { StudioVideo } from "#worker/products/watch/views.ts";
import { isConverting } from "./poll-delay.ts";
import { percentOf } from "./uploader/upload-state.ts";
import { useUploader } from "./use-uploader.ts";
import { reasonWords, StateBadge } from "./video-state.tsx";

/** Where a video stands on its way to its viewers, and the next step. `pending` is the intent under way. */
export function PublishingPanel({ video, pending }: { video: StudioVideo; pending: string | null }) {
  const { edit: copy, list } = useCopy(studioCopy);
  const coming = video.state === "uploading" || isConverting(video);
  return (
    <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4" data-testid="publishing">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <StateBadge video={video} />
        {video.publishedAt ? (
          <span className="text-sm text-soft">
            {copy.publishedSince} <Time at={video.publishedAt} exact />
          </span>
        ) : null}
      </div>
      <Progress video={video} />
      {video.state === "failed" ? (
        <Failed video={video} pending={pending} />
      ) : (
        <>
          <p className="text-sm text-soft">
            {video.state === "published"
              ? copy.published
              : video.publishWhenReady && coming
                ? copy.willPublish
                : copy.draft}
          </p>
          <PostForm className="flex flex-wrap gap-3">
            {video.state === "published" ? (
              <>
                <LinkButton to={videoPath(video.id)}>{list.watch}</LinkButton>
                <Button variant="quiet" name="intent" value="unpublish" pending={pending === "unpublish"}>
                  {copy.unpublish}
                </Button>
              </>
            ) : coming && video.publishWhenReady ? (
              <Button name="intent" value="unpublish" pending={pending === "unpublish"}>
                {copy.keepUnpublished}
              </Button>
            ) : (
              <Button variant="primary" name="intent" value="publish" pending={pending === "publish"}>
                {coming ? copy.publishWhenReady : copy.publish}
              </Button>
            )}
          </PostForm>
        </>
      )}
    </div>
  );
}

function Progress({ video }: { video: StudioVideo }) {
  const { progressOf, edit } = useCopy(studioCopy);
  const { items } = useUploader();
  const sending = items.find(({ videoId }) => videoId === video.id);
  if (isConverting(video))
    return (
      <ProgressBar
        percent={video.state === "processing" ? video.percent : null}
        label={progressOf(video.title)}
        showPercent
      />
    );
  if (video.state !== "uploading") return null;
  if (sending) return <ProgressBar percent={percentOf(sending)} label={progressOf(video.title)} showPercent />;
  return <p className="text-sm">{edit.continueUpload}</p>;
}

/** Why it failed, in plain words, and what helps: converting again where that may help, another file where it may not. */
function Failed({ video, pending }: { video: StudioVideo; pending: string | null }) {
  const copy = useCopy(studioCopy);
  const retryable = video.stateReason === "watch.transcode_failed";
  return (
    <Callout
      tone="error"
      title={copy.edit.failedTitle}
      actions={
        retryable ? (
          <PostForm>
            <Button
              variant="primary"
              name="intent"
              value="retry"
              pending={pending === "retry"}
              icon={<RotateCcw aria-hidden="true" />}
            >
              {copy.edit.retry}
            </Button>
          </PostForm>
        ) : (
          <LinkButton to="/studio/upload">{copy.edit.toUpload}</LinkButton>
        )
      }
    >
      {reasonWords(video.stateReason, copy)}
    </Callout>
  );
}
