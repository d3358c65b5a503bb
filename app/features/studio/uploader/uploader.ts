import type { OpenUploads } from "./open-uploads.ts";
import { fingerprintOf } from "./parts.ts";
import { FileGoneError } from "./send-part.ts";
import { slots } from "./slots.ts";
import { speedMeter, timeLeftS } from "./speed-meter.ts";
import { RefusedError, type Surroundings, type Transport } from "./transport.ts";
import { isEnded, isMoving, type UploadItem, type UploadTrouble } from "./upload-state.ts";
import { bringFile, type TaskWatcher } from "./upload-task.ts";

const FILES_AT_ONCE = 2;
const PARTS_AT_ONCE = 4;
/** Progress is told at most this often. */
const TELL_EVERY_MS = 200;

export type Uploader = {
  subscribe(listener: () => void): () => void;
  /** The files in the order in which they were added; the same array until something changes. */
  items(): readonly UploadItem[];
  /** Adds files and begins as places allow. A file that is already listed and stopped goes on. */
  add(files: readonly File[]): void;
  pause(key: string): void;
  /** Goes on with a paused file, or tries a failed one again. */
  resume(key: string): void;
  /** Stops a file and deletes what has arrived of it. */
  cancel(key: string): void;
  /** Takes a file that has ended off the list. */
  dismiss(key: string): void;
  /** Whether leaving the page now would interrupt something. */
  busy(): boolean;
};

export type UploaderTools = {
  transport: Transport;
  surroundings: Surroundings;
  wallClockMs(): number;
  openUploads: OpenUploads;
};

type Entry = { file: File; item: UploadItem; run: AbortController | null };

const STOPPED = new DOMException("stopped by the person", "AbortError");

/** Sends several files at once: at most two files and four parts in flight in total. */
export function createUploader(tools: UploaderTools): Uploader {
  const { entries, change, subscribe, items, tell } = uploadList();
  const { start, halt } = uploadRuns(tools, change);

  const resume = (key: string) => {
    const entry = entries.get(key);
    if (entry && (entry.item.phase === "paused" || entry.item.phase === "failed")) void start(entry);
  };
  const add = (file: File) => {
    const key = fingerprintOf(file);
    const known = entries.get(key);
    if (known && !isEnded(known.item)) {
      // Chosen anew: the old handle may no longer be readable
      known.file = file;
      return resume(key);
    }
    entries.delete(key);
    const entry: Entry = { file, item: newItem(key, file), run: null };
    entries.set(key, entry);
    void start(entry);
  };

  return {
    subscribe,
    items,
    resume,
    add: (files) => files.forEach(add),
    pause(key) {
      const entry = entries.get(key);
      if (entry && isMoving(entry.item) && entry.item.phase !== "checking") halt(entry, "paused");
    },
    cancel(key) {
      const entry = entries.get(key);
      if (!entry || isEnded(entry.item)) return;
      halt(entry, "canceled");
      tools.openUploads.forget(key);
      // If this call is lost, the house's sweep deletes what was left lying
      if (entry.item.uploadId) void abandon(tools.transport, entry.item.uploadId);
    },
    dismiss(key) {
      const entry = entries.get(key);
      if (!entry || !isEnded(entry.item)) return;
      entries.delete(key);
      tell();
    },
    busy: () => [...entries.values()].some(({ item }) => isMoving(item)),
  };
}

type Change = (entry: Entry, changes: Partial<UploadItem>, quiet?: boolean) => void;

/** The files and whoever wants to know of them. A quiet change is told with the next one that is not. */
function uploadList() {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let shown: readonly UploadItem[] = [];
  const tell = () => {
    shown = [...entries.values()].map(({ item }) => item);
    for (const listener of listeners) listener();
  };
  const change: Change = (entry, changes, quiet = false) => {
    entry.item = { ...entry.item, ...changes };
    if (!quiet) tell();
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { entries, change, subscribe, tell, items: () => shown };
}

const STILL = { offline: false, bytesPerSecond: null, timeLeftS: null } as const;

/** Starts and stops the sending of files, as places allow. */
function uploadRuns(tools: UploaderTools, change: Change) {
  const fileSlots = slots(FILES_AT_ONCE);
  const partSlots = slots(PARTS_AT_ONCE);
  const start = async (entry: Entry) => {
    const run = new AbortController();
    entry.run = run;
    change(entry, { phase: "waiting", trouble: null, offline: false });
    try {
      const giveBack = await fileSlots.take(run.signal);
      try {
        await bringFile(entry.file, watch(entry, tools, change), { ...tools, partSlots }, run.signal);
      } finally {
        giveBack();
      }
      tools.openUploads.forget(entry.item.key);
      change(entry, { ...STILL, phase: "accepted", sentBytes: entry.item.sizeBytes });
    } catch (error) {
      // Who stopped it has already said what it is now
      if (run.signal.aborted) return;
      const final = error instanceof RefusedError && !error.passing;
      if (final) tools.openUploads.forget(entry.item.key);
      change(entry, { ...STILL, phase: final ? "refused" : "failed", trouble: troubleOf(error) });
    }
  };
  const halt = (entry: Entry, phase: "paused" | "canceled") => {
    entry.run?.abort(STOPPED);
    entry.run = null;
    change(entry, { ...STILL, phase });
  };
  return { start, halt };
}

async function abandon(transport: Transport, uploadId: string): Promise<void> {
  const { signal } = new AbortController();
  await transport.call("DELETE", `/api/v1/uploads/${uploadId}`, undefined, signal).catch(() => undefined);
}

/** Turns what a task tells into the item that the page shows. */
function watch(entry: Entry, { surroundings, openUploads }: UploaderTools, change: Change): TaskWatcher {
  const meter = speedMeter();
  const run = entry.run;
  let toldMs = Number.NEGATIVE_INFINITY;
  // A run that was stopped may still have an answer on its way; it has no say any more
  const tell = (changes: Partial<UploadItem>, quiet?: boolean) => {
    if (entry.run === run) change(entry, changes, quiet);
  };
  return {
    onRemote({ id, videoId, resumed, received }) {
      const { key, fileName, sizeBytes } = entry.item;
      openUploads.remember({ fingerprint: key, uploadId: id, videoId, fileName, sizeBytes });
      tell({ uploadId: id, videoId, resumed: entry.item.resumed || (resumed === true && received.length > 0) });
    },
    onPhase: (phase) => tell({ phase }),
    onOffline(offline) {
      meter.reset();
      tell({ offline, bytesPerSecond: null, timeLeftS: null });
    },
    onProgress(sentBytes, movedBytes) {
      const nowMs = surroundings.nowMs();
      if (movedBytes > 0) meter.add(movedBytes, nowMs);
      const quiet = nowMs - toldMs < TELL_EVERY_MS;
      if (!quiet) toldMs = nowMs;
      const bytesPerSecond = meter.bytesPerSecond();
      tell(
        { sentBytes, bytesPerSecond, timeLeftS: timeLeftS(entry.item.sizeBytes - sentBytes, bytesPerSecond) },
        quiet,
      );
    },
  };
}

function newItem(key: string, file: File): UploadItem {
  return {
    key,
    fileName: file.name,
    sizeBytes: file.size,
    phase: "waiting",
    offline: false,
    sentBytes: 0,
    bytesPerSecond: null,
    timeLeftS: null,
    uploadId: null,
    videoId: null,
    resumed: false,
    trouble: null,
  };
}

function troubleOf(error: unknown): UploadTrouble {
  if (error instanceof RefusedError)
    return { kind: "refused", code: error.refusal.code, message: error.refusal.message };
  if (error instanceof FileGoneError) return { kind: "file_gone" };
  return { kind: "unreachable" };
}
