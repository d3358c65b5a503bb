/**
 * Where a file is: `waiting` for a place; `starting` (asking the API); `sending`; `paused` by the person; `checking` (all has arrived, the
 * house looks at it); then `accepted`, `refused` by the house for good, `failed` for a reason that trying again may cure, or `canceled`.
 */
export type UploadPhase =
  | "waiting"
  | "starting"
  | "sending"
  | "paused"
  | "checking"
  | "accepted"
  | "refused"
  | "failed"
  | "canceled";

/** Why a file stopped: a refusal's own sentence, or one of our own reasons that the page has words for. */
export type UploadTrouble =
  | { kind: "refused"; code: string; message: string }
  | { kind: "unreachable" }
  | { kind: "file_gone" };

/** One file on its way, as the page shows it. Never changed in place. */
export type UploadItem = {
  /** The file's fingerprint; the same file is never listed twice. */
  key: string;
  fileName: string;
  sizeBytes: number;
  phase: UploadPhase;
  /** The network is away; sending goes on by itself. */
  offline: boolean;
  sentBytes: number;
  bytesPerSecond: number | null;
  timeLeftS: number | null;
  uploadId: string | null;
  videoId: string | null;
  /** Earlier parts were found and are not sent again. */
  resumed: boolean;
  trouble: UploadTrouble | null;
};

const MOVING: readonly UploadPhase[] = ["waiting", "starting", "sending", "checking"];
const ENDED: readonly UploadPhase[] = ["accepted", "refused", "canceled"];

/** Whether leaving the page would interrupt this file. */
export function isMoving({ phase }: Pick<UploadItem, "phase">): boolean {
  return MOVING.includes(phase);
}

/** Whether nothing will ever happen to this file again. */
export function isEnded({ phase }: Pick<UploadItem, "phase">): boolean {
  return ENDED.includes(phase);
}

/** Progress in whole percent; 100 only when every byte has arrived. */
export function percentOf({ sentBytes, sizeBytes }: Pick<UploadItem, "sentBytes" | "sizeBytes">): number {
  if (sizeBytes <= 0) return 0;
  return Math.min(100, Math.floor((sentBytes / sizeBytes) * 100));
}
