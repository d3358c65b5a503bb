export { RefusedError, UnreachableError } from "../../house-api/refused-error.ts";

/** What the uploader needs of the outside; the browser's is {@link file://./browser-transport.ts}. */
export interface Transport {
  /** A JSON call to the API. Throws {@link RefusedError} or {@link UnreachableError}, or the signal's reason. */
  call<T>(method: "GET" | "POST" | "DELETE", path: string, body: unknown, signal: AbortSignal): Promise<T>;
  /** Sends bytes straight to the bucket and answers with its status. Throws {@link UnreachableError} or the signal's reason. */
  put(url: string, bytes: Blob, options: { signal: AbortSignal; onProgress(sentBytes: number): void }): Promise<number>;
}

/** Time, chance and network, so that tests own them. */
export interface Surroundings {
  /** Milliseconds; only differences count. */
  nowMs(): number;
  /** From [0, 1). */
  random(): number;
  /** Resolves after the time, rejects with the signal's reason. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
  online(): boolean;
  /** Resolves when the network is back, rejects with the signal's reason. */
  untilOnline(signal: AbortSignal): Promise<void>;
}
