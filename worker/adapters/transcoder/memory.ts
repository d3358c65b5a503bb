import type { MediaProbe, Transcoder, TranscodeOrder, TranscodeStatus } from "../../ports/transcoder.ts";
import { transcoderErrors } from "./errors.ts";

/** A transcoder that a test leads: it says what a file is and how a job goes. */
export type MemoryTranscoder = Transcoder & {
  /** What the next probe of a source answers; unknown sources are no media. */
  knows(source: string, probe: MediaProbe): void;
  /** Sets the truth about a remote job. */
  report(remoteId: string, status: TranscodeStatus): void;
  /** The next submitted job is made, but its answer is lost on the way. */
  loseNextAnswer(): void;
  readonly orders: readonly (TranscodeOrder & { remoteId: string })[];
};

/** A transcoder for verb tests. It has no memory for requests asked twice: each `submit` makes a job, as the real one does after a minute. */
export function makeMemoryTranscoder(): MemoryTranscoder {
  const probes = new Map<string, MediaProbe>();
  const statuses = new Map<string, TranscodeStatus>();
  const orders: (TranscodeOrder & { remoteId: string })[] = [];
  let loses = false;
  return {
    orders,
    knows: (source, probe) => void probes.set(source, probe),
    report: (remoteId, status) => void statuses.set(remoteId, status),
    loseNextAnswer: () => void (loses = true),

    probe: async (source) => probes.get(source) ?? null,
    submit: async (order) => {
      const remoteId = `memory-${crypto.randomUUID()}`;
      orders.push({ ...order, remoteId });
      statuses.set(remoteId, { state: "submitted", percent: 0 });
      if (loses) {
        loses = false;
        throw transcoderErrors.unavailable();
      }
      return { remoteId };
    },
    status: async (remoteId) => statuses.get(remoteId) ?? null,
    findByReference: async (reference) => {
      const order = orders.findLast((candidate) => candidate.reference === reference);
      return order ? { remoteId: order.remoteId } : null;
    },
    cancel: async (remoteId) => {
      const { state } = statuses.get(remoteId) ?? { state: "canceled" };
      if (state === "submitted" || state === "progressing") statuses.set(remoteId, { state: "canceled" });
    },
  };
}
