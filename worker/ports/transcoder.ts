/** What a file turned out to be. Width and height are as the picture is shown: turned as the container says, in square pixels. */
export type MediaProbe = {
  container: string;
  durationMs: number | null;
  video: { codec: string; width: number; height: number; framesPerSecond: number } | null;
  audio: { codec: string } | null;
};

/** One video rendition: `shortSide` is its name (720 → 720p) whichever way the picture stands. */
export type Rendition = {
  shortSide: number;
  width: number;
  height: number;
  maxBitsPerSecond: number;
  /** The rate to convert to; null to keep the source's own. */
  framesPerSecond: number | null;
};

/** What to make out of a source. Frame captures are numbered from 0. */
export type TranscodeOrder = {
  /** Ours, one per attempt: comes back in every event, and makes asking twice within the service's window (a minute) asking once. */
  reference: string;
  source: string;
  /** Prefix of every output, `s3://bucket/v/…/`, ending in `/`. The multivariant playlist is `<prefix>main.m3u8`. */
  destination: string;
  renditions: readonly Rendition[];
  audio: boolean;
  segmentS: number;
  storyboard: { intervalS: number; width: number; height: number; count: number };
  posters: { intervalS: number; width: number; height: number; count: number };
};

export type TranscodeStatus =
  | { state: "submitted" | "progressing"; percent: number }
  /** `durationMs` is that of what was made; null when the service does not tell. */
  | { state: "complete"; percent: 100; durationMs: number | null }
  | { state: "canceled" }
  /** `errorCode` is the service's number; its message is for operators, not for creators. */
  | { state: "error"; errorCode: number; message: string };

/** Makes an adaptive ladder out of an uploaded file: AWS Elemental MediaConvert. Throws `transcoder.unavailable` (502) when it cannot be asked. */
export interface Transcoder {
  /** Looks at a stored file; null when the service cannot make sense of it as media. */
  probe(source: string): Promise<MediaProbe | null>;
  submit(order: TranscodeOrder): Promise<{ remoteId: string }>;
  /** The present truth about a job; null when the service does not know it. */
  status(remoteId: string): Promise<TranscodeStatus | null>;
  /** The newest remote job that carries this reference, for when the answer to `submit` was lost. */
  findByReference(reference: string): Promise<{ remoteId: string } | null>;
  cancel(remoteId: string): Promise<void>;
}
