import { readFile, writeFile } from "node:fs/promises";
import { flags, type MediaTools, runProgram } from "./ffmpeg.ts";

/** Moving pictures that need no fonts and no files, so that any build of ffmpeg can draw them. */
export type DemoPattern = "bars" | "fractal" | "cells" | "plasma";

/** What to draw; `rotation` is the clockwise angle a player must turn the picture by, as phones store it. */
export interface DemoVideo {
  file: string;
  seconds: number;
  width: number;
  height: number;
  pattern?: DemoPattern;
  rotation?: 0 | 90 | 180 | 270;
  framesPerSecond?: number;
  /** Pitch of the tone in hertz, or false for a silent film without an audio track. */
  tone?: number | false;
}

function videoSource(video: DemoVideo, rate: number): string {
  const size = `s=${video.width}x${video.height}:r=${rate}`;
  switch (video.pattern ?? "bars") {
    case "bars":
      return `testsrc2=${size}`;
    case "fractal":
      return `mandelbrot=${size}:maxiter=200:end_pts=${video.seconds * rate}`;
    case "cells": {
      const grid = `${Math.ceil(video.width / 12)}x${Math.ceil(video.height / 12)}`;
      const colours = "life_color=#4cc9f0:death_color=#1d2a55:mold_color=#10163a";
      return `life=s=${grid}:r=${rate}:mold=12:ratio=0.25:seed=7:${colours},scale=${video.width}:${video.height}:flags=neighbor`;
    }
    case "plasma": {
      const wave = (x: number, y: number, speed: number) => `128+100*sin(X/${x}+${speed}*T)*cos(Y/${y}-T)`;
      const planes = `r='${wave(11, 9, 1.3)}':g='${wave(17, 7, -0.9)}':b='${wave(7, 13, 0.6)}'`;
      return `nullsrc=s=96x54:r=${rate},format=gbrp,geq=${planes},scale=${video.width}:${video.height}:flags=bicubic`;
    }
  }
}

const MATRICES: Record<90 | 180 | 270, readonly number[]> = {
  90: [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000],
  180: [-0x10000, 0, 0, 0, -0x10000, 0, 0, 0, 0x40000000],
  270: [0, -0x10000, 0, 0x10000, 0, 0, 0, 0, 0x40000000],
};

/** Writes the display matrix (ISO/IEC 14496-12, 8.3.2) of the first track header, because builds of ffmpeg disagree on how to ask for it. */
async function setDisplayMatrix(file: string, rotation: 90 | 180 | 270): Promise<void> {
  const bytes = await readFile(file);
  const header = new TextDecoder("latin1").decode(bytes).indexOf("tkhd");
  if (header < 0) throw new Error(`${file} has no track header`);
  const version = bytes[header + 4];
  const matrixAt = header + 4 + (version === 1 ? 52 : 40);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  MATRICES[rotation].forEach((value, index) => view.setInt32(matrixAt + index * 4, value));
  await writeFile(file, bytes);
}

/** Draws a short MP4 (H.264 + AAC, metadata in front) for tests and for the seed. Throws with ffmpeg's own words when it fails. */
export async function generateDemoVideo(tools: MediaTools, video: DemoVideo): Promise<void> {
  const rate = video.framesPerSecond ?? 30;
  const tone = video.tone ?? 440;
  const picture = flags({ f: "lavfi", i: videoSource(video, rate) });
  const sound = tone === false ? [] : flags({ f: "lavfi", i: `sine=f=${tone}:r=48000` });
  const encoding = flags({ threads: 2, "c:v": "libx264", preset: "veryfast", crf: 26, pix_fmt: "yuv420p", r: rate });
  const soundEncoding = tone === false ? [] : flags({ "c:a": "aac", "b:a": "96k", ac: 2 });
  const container = flags({ t: video.seconds, movflags: "+faststart", f: "mp4" });
  const args = ["-v", "error", "-y", ...picture, ...sound, ...encoding, ...soundEncoding, ...container, video.file];
  const result = await runProgram(tools.ffmpeg, args);
  if (result.code !== 0) throw new Error(`ffmpeg could not draw ${video.file}: ${result.stderr.trim()}`);
  if (video.rotation) await setDisplayMatrix(video.file, video.rotation);
}
