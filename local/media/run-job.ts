import { mkdir, rm, stat } from "node:fs/promises";
import type { JobPhase, WarningGroup } from "@aws-sdk/client-mediaconvert";
import { encodeCommand } from "./encode-command.ts";
import { type MediaTools, NO_MEDIA_TOOLS, runProgram } from "./ffmpeg.ts";
import { inspectMedia, type MediaInfo, UnreadableMedia } from "./inspect-media.ts";
import { JobFailure } from "./job-failure.ts";
import type { JobPlan } from "./job-plan.ts";
import { type EncodePlan, resolveOutputs } from "./resolve-outputs.ts";
import { type FinishedGroup, type MediaFiles, publishOutputs } from "./publish-outputs.ts";

/** The job was stopped from outside: by CancelJob or because the process is shutting down. */
export class JobStopped extends Error {
  constructor() {
    super("The job was stopped.");
    this.name = "JobStopped";
  }
}

/** What a run needs; `folder` is emptied before and removed after. */
export interface JobRun {
  plan: JobPlan;
  folder: string;
  tools: MediaTools | undefined;
  files: MediaFiles;
  fast: boolean;
  signal: AbortSignal;
  onInput: (info: MediaInfo) => void;
  onProgress: (phase: JobPhase, percent: number) => void;
}

/** What a successful run leaves behind. `warnings` count the outputs that lack the sound they asked for. */
export interface JobOutcome {
  groups: FinishedGroup[];
  warnings: WarningGroup[];
  messages: string[];
}

/** A code of this stand-in only: the real service has no such warning, it fails the job with 1021. */
const MISSING_AUDIO_WARNING = 999_999;

async function openInput(run: JobRun): Promise<{ file: string; info: MediaInfo; tools: MediaTools }> {
  const { plan } = run;
  const cannotOpen = (code: number, why: string) =>
    new JobFailure(code, `Unable to open input file [${plan.inputUrl}]: [Failed probe/open: [${why}]]`);
  const object = await run.files.head(plan.input.bucket, plan.input.key);
  if (!object) throw cannotOpen(1404, "Failed to read data: HeadObject failed");
  if (!run.tools) throw new JobFailure(1999, NO_MEDIA_TOOLS);
  try {
    return { file: object.file, info: await inspectMedia(run.tools, object.file), tools: run.tools };
  } catch (error) {
    if (!(error instanceof UnreadableMedia)) throw error;
    throw cannotOpen(error.reason.includes("moov") ? 1075 : 1010, error.reason);
  }
}

/** Reads `out_time_us=` lines; older builds write only the misnamed `out_time_ms=`, which is microseconds too. */
function progressReader(totalSeconds: number, onSeconds: (fraction: number) => void): (text: string) => void {
  let pending = "";
  return (text) => {
    const lines = (pending + text).split("\n");
    pending = lines.pop() ?? "";
    for (const line of lines) {
      const match = /^out_time_[um]s=(\d+)$/.exec(line.trim());
      if (match) onSeconds(Math.min(1, Number(match[1]) / 1e6 / totalSeconds));
    }
  };
}

function encoderFailure(stderr: string, inputSize: number): JobFailure {
  const lines = stderr.trim().split("\n");
  if (/Invalid data found|partial file|truncat/i.test(stderr)) {
    return new JobFailure(
      1076,
      `Demuxer: [ReadPacketData File read failed - end of file hit at length [${inputSize}]. Is file truncated?]`,
    );
  }
  return new JobFailure(1999, `Unexpected error in the encoder: ${lines.slice(-3).join(" ")}`.slice(0, 500));
}

/** Shorter than this share of what the container promises, the decoded media counts as cut off. */
const COMPLETE_SHARE = 0.9;

/** Runs the encoder to its end. */
async function encode(
  run: JobRun,
  plan: EncodePlan,
  file: string,
  ffmpeg: string,
  totalSeconds: number,
): Promise<void> {
  let reached = 0;
  const onStdout = progressReader(totalSeconds, (fraction) => {
    reached = Math.max(reached, fraction);
    run.onProgress("TRANSCODING", Math.floor(reached * 95));
  });
  run.onProgress("TRANSCODING", 0);
  const command = encodeCommand(plan, file, { fast: run.fast });
  const result = await runProgram(ffmpeg, command, { cwd: run.folder, signal: run.signal, onStdout });
  if (run.signal.aborted) throw new JobStopped();
  const isCutOff = reached < COMPLETE_SHARE && /partial file|Invalid data found/i.test(result.stderr);
  if (result.code !== 0 || isCutOff) throw encoderFailure(result.stderr, (await stat(file)).size);
}

function outcomeOf(plan: EncodePlan, groups: FinishedGroup[]): JobOutcome {
  const mute = plan.outputs.filter((output) => output.planned.audio && !output.audioTrack);
  const count = plan.skipped.length + mute.length;
  if (count === 0) return { groups, warnings: [], messages: [] };
  const message = "The input has no audio track for the job's audio selector; audio outputs were left out.";
  return { groups, warnings: [{ Code: MISSING_AUDIO_WARNING, Count: count }], messages: [message] };
}

const secondsOf = (info: MediaInfo): number =>
  info.durationSeconds ?? info.video[0]?.durationSeconds ?? info.audio[0]?.durationSeconds ?? 1;

/**
 * Runs one job from reading the input to storing the outputs. Throws `JobFailure` with MediaConvert's code and message, or `JobStopped`.
 * Nothing is stored before the encoder has finished well.
 */
export async function runJob(run: JobRun): Promise<JobOutcome> {
  run.onProgress("PROBING", 0);
  const { file, info, tools } = await openInput(run);
  run.onInput(info);
  const plan = resolveOutputs(run.plan, info);
  const inputSeconds = secondsOf(info);
  await rm(run.folder, { recursive: true, force: true });
  await mkdir(run.folder, { recursive: true });
  try {
    await encode(run, plan, file, tools.ffmpeg, inputSeconds);
    run.onProgress("UPLOADING", 96);
    const context = { tools, folder: run.folder, plan, groups: run.plan.groups, inputSeconds };
    return outcomeOf(plan, await publishOutputs(context, run.files));
  } finally {
    await rm(run.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
