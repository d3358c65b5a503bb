import { callApi } from "../../house-api/call-api.ts";
import { type Surroundings, type Transport, UnreachableError } from "./transport.ts";

/** A part that has not moved for this long is given up and sent again. */
const STILL_MS_MAX = 60_000;

/** The browser's own means: `fetch` for the API, `XMLHttpRequest` for parts because only it tells how far a body has gone. */
export function browserTransport(csrf: () => string): Transport {
  return {
    call: async <T>(method: "GET" | "POST" | "DELETE", path: string, body: unknown, signal: AbortSignal) =>
      (await callApi<T>({ method, path, body, signal, csrf: csrf() })).value,
    put: putPart,
  };
}

function putPart(
  url: string,
  bytes: Blob,
  { signal, onProgress }: { signal: AbortSignal; onProgress(sentBytes: number): void },
): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    let still = 0;
    const watch = () => {
      clearTimeout(still);
      still = window.setTimeout(() => request.abort(), STILL_MS_MAX);
    };
    const stop = () => request.abort();
    const end = (settle: () => void) => () => {
      clearTimeout(still);
      signal.removeEventListener("abort", stop);
      settle();
    };
    request.upload.onprogress = (event) => {
      watch();
      onProgress(event.loaded);
    };
    request.onload = end(() => resolve(request.status));
    request.onerror = end(() => reject(new UnreachableError()));
    request.onabort = end(() => reject(signal.aborted ? (signal.reason as Error) : new UnreachableError()));
    signal.addEventListener("abort", stop, { once: true });
    request.open("PUT", url);
    watch();
    request.send(bytes);
  });
}

/** The browser's clock, chance and network. */
export const browserSurroundings: Surroundings = {
  nowMs: () => performance.now(),
  random: () => Math.random(),
  wait: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, delayMs);
      signal.addEventListener("abort", stop, { once: true });
    }),
  online: () => navigator.onLine,
  untilOnline: (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (navigator.onLine) return resolve();
      const back = () => {
        signal.removeEventListener("abort", stop);
        resolve();
      };
      const stop = () => {
        window.removeEventListener("online", back);
        reject(signal.reason as Error);
      };
      window.addEventListener("online", back, { once: true });
      signal.addEventListener("abort", stop, { once: true });
    }),
};
