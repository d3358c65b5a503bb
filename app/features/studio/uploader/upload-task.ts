import { type PartUrls, partUrls } from "./part-urls.ts";
import { type Cut, fingerprintOf, missingParts, rangeOf, receivedBytes, type ReceivedPart } from "./parts.ts";
import { FileGoneError, PartRefusedError, persist } from "./send-part.ts";
import type { Slots } from "./slots.ts";
import { RefusedError, type Surroundings, type Transport, UnreachableError } from "./transport.ts";

/** How often what the house misses is sent again before we stop believing in it. */
const ROUNDS_MAX = 5;

/** An upload as the API tells of it. */
export type Remote = Cut & {
  id: string;
  videoId: string;
  state: "receiving" | "checking" | "accepted" | "refused" | "canceled";
  received: ReceivedPart[];
  resumed?: boolean;
};

export type TaskWatcher = {
  onRemote(remote: Remote): void;
  onPhase(phase: "starting" | "sending" | "checking"): void;
  onProgress(sentBytes: number, movedBytes: number): void;
  onOffline(offline: boolean): void;
};

export type TaskTools = {
  transport: Transport;
  surroundings: Surroundings;
  /** Wall clock in milliseconds since 1970, to compare with the API's instants. */
  wallClockMs(): number;
  partSlots: Slots;
};

type Run = TaskTools & { file: File; watcher: TaskWatcher; signal: AbortSignal };

/**
 * Brings one file to the house: begins or resumes its upload, sends what is missing, and asks the house to accept it; what the house still
 * misses then is sent again. Resolves when the file is accepted. Rejects with the refusal, with {@link UnreachableError} or
 * {@link PartRefusedError} when the network does not recover, with {@link FileGoneError}, or with the signal's reason.
 * Nothing is lost by stopping it: the next run goes on where this one was.
 */
export async function bringFile(
  file: File,
  watcher: TaskWatcher,
  tools: TaskTools,
  signal: AbortSignal,
): Promise<Remote> {
  const run: Run = { ...tools, file, watcher, signal };
  watcher.onPhase("starting");
  let remote = await begin(run);
  for (let round = 1; ; round++) {
    watcher.onRemote(remote);
    if (remote.state === "accepted") return remote;
    try {
      await sendMissing(run, remote);
      watcher.onPhase("checking");
      return await ask<Remote>(run, "POST", `/api/v1/uploads/${remote.id}/complete`, {});
    } catch (error) {
      if (!isIncomplete(error) || round >= ROUNDS_MAX) throw error;
      const now = await ask<Remote>(run, "GET", `/api/v1/uploads/${remote.id}`);
      if (now.state === "refused" || now.state === "canceled") throw error;
      remote = without(now, partsNamedBy(error));
    }
  }
}

function begin(run: Run): Promise<Remote> {
  const { file } = run;
  return ask<Remote>(run, "POST", "/api/v1/uploads", {
    fileName: file.name,
    sizeBytes: file.size,
    contentType: file.type || "application/octet-stream",
    fingerprint: fingerprintOf(file),
  });
}

function ask<T>(run: Run, method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
  return persist(() => run.transport.call<T>(method, path, body, run.signal), persistence(run));
}

function persistence({ surroundings, signal, watcher }: Run) {
  return { surroundings, signal, onOffline: watcher.onOffline };
}

/** The house lacks something that can be sent again: parts that never came, came wrong, or an upload that ended meanwhile. */
function isIncomplete(error: unknown): boolean {
  if (error instanceof PartRefusedError) return error.status === 404;
  if (!(error instanceof RefusedError)) return false;
  return ["watch.upload_incomplete", "watch.upload_part_wrong", "watch.upload_closed"].includes(error.refusal.code);
}

/** Part numbers that a refusal names as wrong. */
function partsNamedBy(error: unknown): number[] {
  if (!(error instanceof RefusedError)) return [];
  const { partNumber, partNumbers } = error.refusal.facts;
  const named = Array.isArray(partNumbers) ? partNumbers : String(partNumbers ?? partNumber ?? "").split(",");
  return named.map(Number).filter((n) => Number.isInteger(n) && n > 0);
}

function without(remote: Remote, partNumbers: readonly number[]): Remote {
  return { ...remote, received: remote.received.filter(({ partNumber }) => !partNumbers.includes(partNumber)) };
}

/** Sends every missing part, several at once as places allow. The first part that fails for good stops the others. */
async function sendMissing(run: Run, remote: Remote): Promise<void> {
  const missing = missingParts(remote, remote.received);
  if (missing.length === 0) return;
  run.watcher.onPhase("sending");
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const progress = progressOf(receivedBytes(remote, remote.received), run.watcher);
  const urls = partUrls(run.transport, remote.id, run.wallClockMs);
  const sending = missing.map(async (partNumber, index) => {
    const giveBack = await run.partSlots.take(signal);
    try {
      const upcoming = missing.slice(index + 1, index + 20);
      await sendPart({ ...run, signal }, { remote, partNumber, upcoming, urls, progress });
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      giveBack();
    }
  });
  await Promise.allSettled(sending);
  run.signal.throwIfAborted();
  if (stop.signal.aborted) throw stop.signal.reason;
}

type Part = { remote: Remote; partNumber: number; upcoming: number[]; urls: PartUrls; progress: Progress };

function sendPart(run: Run, { remote, partNumber, upcoming, urls, progress }: Part): Promise<void> {
  const { start, end } = rangeOf(remote, partNumber);
  const bytes = run.file.slice(start, end);
  return persist(async () => {
    try {
      const url = await urls.urlOf(partNumber, upcoming, run.signal);
      const onProgress = (sent: number) => progress.set(partNumber, Math.min(sent, end - start));
      const status = await run.transport.put(url, bytes, { signal: run.signal, onProgress });
      if (status >= 300) throw new PartRefusedError(status);
      progress.set(partNumber, end - start);
    } catch (error) {
      progress.set(partNumber, 0);
      if (error instanceof PartRefusedError) urls.drop(partNumber);
      if (error instanceof UnreachableError) await assertReadable(bytes);
      throw error;
    }
  }, persistence(run));
}

/** A request whose body cannot be read fails like one without a network; only reading tells them apart. */
async function assertReadable(bytes: Blob): Promise<void> {
  try {
    await bytes.slice(0, 1).arrayBuffer();
  } catch (cause) {
    throw new FileGoneError(cause);
  }
}

type Progress = { set(partNumber: number, sentBytes: number): void };

/** Adds up what stands and what is under way. `movedBytes` is what left since the last call: repeats count, taking back does not. */
function progressOf(standing: number, watcher: TaskWatcher): Progress {
  const parts = new Map<number, number>();
  let sum = standing;
  watcher.onProgress(sum, 0);
  return {
    set(partNumber, sentBytes) {
      const delta = sentBytes - (parts.get(partNumber) ?? 0);
      if (delta === 0) return;
      parts.set(partNumber, sentBytes);
      sum += delta;
      watcher.onProgress(sum, Math.max(0, delta));
    },
  };
}
