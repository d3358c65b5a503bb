import { Link } from "@remix-run/react";
import { Pause, Play, X } from "lucide-react";
import { useState } from "react";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { IconButton } from "#app/ui/button.tsx";
import { formatBytes, formatWait } from "#app/ui/format.ts";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { callApi } from "../house-api/call-api.ts";
import { isConverting } from "./poll-delay.ts";
import type { Uploader } from "./uploader/uploader.ts";
import { isEnded, isMoving, percentOf, type UploadItem } from "./uploader/upload-state.ts";
import { usePolling } from "./use-polling.ts";
import { reasonWords, type ShownState, stateWords } from "./video-state.tsx";

/** One file on its way: what it is called, how far it is, in words and as a bar, and what can be done about it. */
export function UploadRow({ item, uploader }: { item: UploadItem; uploader: () => Uploader | null }) {
  const copy = useCopy(studioCopy);
  const conversion = useConversion(item);
  const { words, percent, tone } = shownOf(item, conversion, copy);
  return (
    <li className="rounded-lg border border-line bg-surface p-4" data-testid="upload-item" data-phase={item.phase}>
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="font-medium">{item.fileName}</p>
          <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm">
            <span className={tone === "bad" ? "text-bad" : tone === "good" ? "text-good" : undefined}>{words}</span>
            <Figures item={item} />
          </p>
        </div>
        <RowButtons item={item} uploader={uploader} />
      </div>
      {percent === undefined ? null : (
        <div className="mt-2">
          <ProgressBar percent={percent} label={copy.progressOf(item.fileName)} tone={tone} showPercent />
        </div>
      )}
      <Trouble item={item} conversion={conversion} />
      {item.resumed && item.phase === "sending" ? (
        <p className="mt-1 text-sm text-soft">{copy.uploading.resumed}</p>
      ) : null}
      {item.videoId && item.phase !== "canceled" && item.phase !== "refused" ? (
        <Link to={`/studio/v/${item.videoId}`} className="mt-1 inline-flex min-h-11 items-center link text-sm">
          {copy.uploading.edit}
        </Link>
      ) : null}
      <p role="status" className="sr-only">
        {copy.uploading.announce(item.fileName, item.offline ? copy.uploading.offline : spoken(item, conversion, copy))}
      </p>
    </li>
  );
}

type Copy = (typeof studioCopy)["ja"];
type Shown = { words: string; percent: number | null | undefined; tone: "accent" | "good" | "bad" };

function shownOf(item: UploadItem, conversion: ShownState | null, copy: Copy): Shown {
  const words = item.offline ? copy.uploading.offline : copy.uploading.phases[item.phase];
  switch (item.phase) {
    case "accepted":
      return conversion ? convertedOf(conversion, copy) : { words, percent: null, tone: "accent" };
    case "refused":
      return { words, percent: undefined, tone: "bad" };
    case "canceled":
      return { words, percent: undefined, tone: "accent" };
    case "checking":
      return { words, percent: 100, tone: "accent" };
    default:
      return { words, percent: percentOf(item), tone: item.phase === "failed" ? "bad" : "accent" };
  }
}

function convertedOf(video: ShownState, copy: Copy): Shown {
  const words = stateWords(video, copy);
  if (video.state === "failed") return { words, percent: undefined, tone: "bad" };
  if (isConverting(video))
    return { words, percent: video.state === "processing" ? video.percent : null, tone: "accent" };
  return { words, percent: undefined, tone: "good" };
}

/** What is read out: the state, and of a conversion only its quarters. */
function spoken(item: UploadItem, conversion: ShownState | null, copy: Copy): string {
  if (item.phase !== "accepted" || !conversion) return copy.uploading.phases[item.phase];
  const quarter = conversion.percent === null ? null : Math.floor(conversion.percent / 25) * 25;
  return stateWords({ state: conversion.state, percent: quarter }, copy);
}

function Figures({ item }: { item: UploadItem }) {
  const { uploading: copy } = useCopy(studioCopy);
  const locale = useLocale();
  const total = formatBytes(item.sizeBytes, locale);
  const sending = item.phase === "sending" || item.phase === "paused" || item.phase === "failed";
  return (
    <>
      <span className="figures text-soft">
        {sending ? copy.sent(formatBytes(item.sentBytes, locale), total) : total}
      </span>
      {item.bytesPerSecond === null ? null : (
        <span className="figures text-soft">{copy.speed(formatBytes(item.bytesPerSecond, locale))}</span>
      )}
      {item.timeLeftS === null || item.phase !== "sending" ? null : (
        <span className="figures text-soft">{copy.timeLeft(formatWait(item.timeLeftS, locale))}</span>
      )}
    </>
  );
}

function RowButtons({ item, uploader }: { item: UploadItem; uploader: () => Uploader | null }) {
  const { uploading: copy } = useCopy(studioCopy);
  const { key, fileName, phase } = item;
  const stopped = phase === "paused" || phase === "failed";
  return (
    <div className="-mt-2 -mr-2 flex shrink-0">
      {isMoving(item) && phase !== "checking" ? (
        <IconButton label={copy.pause(fileName)} onClick={() => uploader()?.pause(key)}>
          <Pause aria-hidden="true" />
        </IconButton>
      ) : null}
      {stopped ? (
        <IconButton label={copy.resume(fileName)} onClick={() => uploader()?.resume(key)}>
          <Play aria-hidden="true" />
        </IconButton>
      ) : null}
      {isEnded(item) ? (
        <IconButton label={copy.dismiss(fileName)} onClick={() => uploader()?.dismiss(key)}>
          <X aria-hidden="true" />
        </IconButton>
      ) : phase === "checking" ? null : (
        <IconButton label={copy.cancel(fileName)} onClick={() => uploader()?.cancel(key)}>
          <X aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

function Trouble({ item, conversion }: { item: UploadItem; conversion: ShownState | null }) {
  const copy = useCopy(studioCopy);
  const { trouble } = item;
  const sentence =
    conversion?.state === "failed"
      ? reasonWords(conversion.stateReason, copy)
      : trouble === null
        ? null
        : trouble.kind === "refused"
          ? trouble.message || copy.reasons.other
          : copy.uploading.troubles[trouble.kind];
  return sentence ? <p className="mt-2 text-sm text-bad">{sentence}</p> : null;
}

/** How the conversion of an accepted file goes; null before anything is known. */
function useConversion({ phase, videoId }: UploadItem): ShownState | null {
  const [video, setVideo] = useState<ShownState | null>(null);
  const active = phase === "accepted" && videoId !== null && (video === null || isConverting(video));
  usePolling(async () => {
    const path = `/api/v1/studio/videos/${videoId}`;
    setVideo((await callApi<ShownState>({ method: "GET", path, csrf: "" })).value);
  }, active);
  return video;
}
