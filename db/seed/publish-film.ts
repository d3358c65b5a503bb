import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DemoFilm } from "./films.ts";

/** A film to be drawn. */
export type Drawing = {
  file: string;
  seconds: number;
  width: number;
  height: number;
  pattern: "bars" | "plasma" | "fractal";
  rotation?: 90;
  framesPerSecond?: number;
  /** Hertz. */
  tone: number;
};

/** The town's API for one signed-in person. */
export type TownApi = { call: <T>(method: string, path: string, body?: unknown) => Promise<T> };

export async function signInTo(
  townUrl: string,
  { email, password }: { email: string; password: string },
): Promise<TownApi> {
  const call = async <T>(method: string, path: string, body?: unknown, token?: string): Promise<T> => {
    const response = await fetch(new URL(path, townUrl), {
      method,
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return (text ? JSON.parse(text) : undefined) as T;
  };
  const { accessToken } = await call<{ accessToken: string }>("POST", "/api/v1/auth/login", {
    email,
    password,
    mode: "token",
  });
  return { call: (method, path, body) => call(method, path, body, accessToken) };
}

type Upload = { id: string; videoId: string; partBytes: number; partCount: number };

/** Draws a film and publishes it as any creator would: in parts to the bucket, then details, then "publish when ready". */
export async function publishFilm(
  town: TownApi,
  film: DemoFilm,
  { dataDir, drawFilm }: { dataDir: string; drawFilm: (drawing: Drawing) => Promise<void> },
): Promise<void> {
  const file = join(dataDir, film.fileName);
  await drawFilm({ file, ...film.drawing });
  try {
    const { size: sizeBytes } = await stat(file);
    const upload = await town.call<Upload>("POST", "/api/v1/uploads", {
      fileName: film.fileName,
      sizeBytes,
      contentType: "video/mp4",
      fingerprint: `demo:${film.fileName}`,
    });
    await sendParts(town, upload, file);
    await town.call("POST", `/api/v1/uploads/${upload.id}/complete`);
    const path = `/api/v1/videos/${upload.videoId}`;
    const { version } = await town.call<{ version: number }>("GET", `/api/v1/studio/videos/${upload.videoId}`);
    const { title, description, category, visibility } = film;
    await town.call("PATCH", path, { version, title, description, category, visibility });
    await town.call("POST", `${path}/publish`);
  } finally {
    await rm(file, { force: true });
  }
}

async function sendParts(town: TownApi, upload: Upload, file: string): Promise<void> {
  const bytes = await open(file);
  try {
    for (let partNumber = 1; partNumber <= upload.partCount; partNumber++) {
      const { urls } = await town.call<{ urls: { url: string; size: number }[] }>(
        "POST",
        `/api/v1/uploads/${upload.id}/part-urls`,
        {
          partNumbers: [partNumber],
        },
      );
      const { url, size } = urls[0]!;
      const part = Buffer.alloc(size);
      await bytes.read(part, 0, size, (partNumber - 1) * upload.partBytes);
      const answer = await fetch(url, { method: "PUT", body: part });
      if (!answer.ok) throw new Error(`part ${partNumber}: ${answer.status}`);
    }
  } finally {
    await bytes.close();
  }
}
