import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoVideo, generateDemoVideo } from "#local/media/demo-video.ts";
import { findMediaTools, flags, runProgram } from "#local/media/ffmpeg.ts";

const tools = findMediaTools();

/** A folder of files to choose in a browser. */
export class Shelf {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<Shelf> {
    return new Shelf(await mkdtemp(join(tmpdir(), "hiroba-films-")));
  }

  /** An MP4 of six seconds, 1280 × 720, with sound, unless told otherwise. */
  async film(name: string, changes: Partial<DemoVideo> = {}): Promise<string> {
    const file = join(this.#folder, name);
    await generateDemoVideo(mediaTools(), { file, seconds: 6, width: 1280, height: 720, ...changes });
    return file;
  }

  /** A film torn off in the middle of its index. */
  async torn(name: string): Promise<string> {
    const file = await this.film(name);
    const whole = await readFile(file);
    await truncate(file, new TextDecoder("latin1").decode(whole).indexOf("moov") + 64);
    return file;
  }

  /** The first half of a film: its index is whole and tells of pictures that are not there. */
  async halved(name: string): Promise<string> {
    const file = await this.film(name);
    await truncate(file, Math.floor((await stat(file)).size / 2));
    return file;
  }

  /** Sound and nothing else in an MP4. */
  async song(name: string): Promise<string> {
    const file = join(this.#folder, name);
    const args = ["-v", "error", "-y", ...flags({ f: "lavfi", i: "sine=f=440:r=48000", t: 3, "c:a": "aac" }), file];
    const { code, stderr } = await runProgram(mediaTools().ffmpeg, args);
    if (code !== 0) throw new Error(stderr);
    return file;
  }

  async bytes(name: string, bytes: string | Uint8Array): Promise<string> {
    const file = join(this.#folder, name);
    await writeFile(file, bytes);
    return file;
  }

  /** A film made longer by a box that players skip (ISO/IEC 14496-12, 8.1.2), so that it has several parts. */
  async longFilm(name: string, sizeBytes: number): Promise<string> {
    const file = await this.film(name, { seconds: 2, width: 640, height: 360 });
    const { size } = await stat(file);
    const handle = await open(file, "r+");
    try {
      const header = Buffer.alloc(8);
      header.writeUInt32BE(sizeBytes - size);
      header.write("free", 4);
      await handle.write(header, 0, header.length, size);
      await handle.truncate(sizeBytes);
    } finally {
      await handle.close();
    }
    return file;
  }

  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function mediaTools() {
  if (!tools) throw new Error("These tests draw their own films and need ffmpeg.");
  return tools;
}
