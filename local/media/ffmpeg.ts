import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

/** Absolute paths of the two programs every media job needs. */
export interface MediaTools {
  ffmpeg: string;
  ffprobe: string;
}

/** What to print when `findMediaTools` finds nothing. */
export const NO_MEDIA_TOOLS =
  "No ffmpeg/ffprobe found (FFMPEG_PATH and FFPROBE_PATH, PATH, npm packages): videos stay as uploaded and are not transcoded.";

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const names = process.platform === "win32" ? [`${program}.exe`, program] : [program];
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function fromPackage(name: string): string | undefined {
  try {
    const found = createRequire(import.meta.url)(name) as { path: string };
    return isExecutable(found.path) ? found.path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds ffmpeg and ffprobe: `FFMPEG_PATH`/`FFPROBE_PATH`, then PATH, then the optional npm packages `@ffmpeg-installer/ffmpeg` and
 * `@ffprobe-installer/ffprobe` (a static build of 2018 is good enough for everything here). Undefined when either is missing.
 */
export function findMediaTools(env: NodeJS.ProcessEnv = process.env): MediaTools | undefined {
  const find = (program: "ffmpeg" | "ffprobe"): string | undefined => {
    const named = env[`${program.toUpperCase()}_PATH`];
    if (named !== undefined && named !== "" && isExecutable(named)) return named;
    return onPath(program, env) ?? fromPackage(`@${program}-installer/${program}`);
  };
  const ffmpeg = find("ffmpeg");
  const ffprobe = find("ffprobe");
  return ffmpeg === undefined || ffprobe === undefined ? undefined : { ffmpeg, ffprobe };
}

/** Command-line options of ffmpeg from a table: `{ "c:v": "libx264", g: 60 }` becomes `-c:v libx264 -g 60`. */
export function flags(values: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`-${name}`, String(value)]);
}

const STDERR_KEPT_CHARS = 8_000;

/** How a program ended: its exit code (null when a signal ended it), what it printed, and the tail of its diagnostics. */
export interface ProgramResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Options of `runProgram`; `onStdout` receives output as it comes and then `stdout` stays empty. */
export interface RunOptions {
  cwd?: string;
  signal?: AbortSignal;
  onStdout?: (text: string) => void;
}

/** Runs a program without a shell to its end. Rejects only when it cannot be started; an abort kills it and resolves with code null. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      ...(options.cwd ? { cwd: options.cwd } : {}),
    });
    const kill = () => child.kill("SIGKILL");
    if (options.signal?.aborted) kill();
    options.signal?.addEventListener("abort", kill, { once: true });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (options.onStdout) options.onStdout(text);
      else stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-STDERR_KEPT_CHARS);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      options.signal?.removeEventListener("abort", kill);
      resolve({ code, stdout, stderr });
    });
  });
}
