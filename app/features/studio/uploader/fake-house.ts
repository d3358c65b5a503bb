import { missingParts, type ReceivedPart } from "./parts.ts";
import { RefusedError, type Surroundings, type Transport, UnreachableError } from "./transport.ts";

type Held = {
  id: string;
  videoId: string;
  fingerprint: string;
  fileName: string;
  sizeBytes: number;
  partBytes: number;
  partCount: number;
  state: "receiving" | "accepted" | "refused" | "canceled";
  received: ReceivedPart[];
};

/**
 * An API and a bucket in memory for tests: it keeps uploads by fingerprint as the real ones do, counts what is in flight, and lets a test
 * step in before any call or part.
 */
// oxlint-disable-next-line max-lines-per-function -- one house, whose doors share its state
export function fakeHouse(partBytes = 10) {
  const uploads = new Map<string, Held>();
  const calls: string[] = [];
  const puts: number[] = [];
  const house = {
    uploads,
    /** `METHOD path` of every API call. */
    calls,
    /** Part numbers in the order in which they reached the bucket. */
    puts,
    inFlight: 0,
    inFlightMax: 0,
    beforeCall: async (_method: string, _path: string, _signal: AbortSignal): Promise<void> => {},
    /** May answer with a status of its own. */
    beforePut: async (_partNumber: number, _signal: AbortSignal): Promise<number | void> => {},
    beforeComplete: (_upload: Held): void => {},
    transport: { call, put } as Transport,
  };

  async function call<T>(method: string, path: string, body: unknown, signal: AbortSignal): Promise<T> {
    calls.push(`${method} ${path}`);
    await house.beforeCall(method, path, signal);
    signal.throwIfAborted();
    return answer(method, path, body) as T;
  }

  function answer(method: string, path: string, body: unknown): unknown {
    if (path === "/api/v1/uploads") return begin(body as { fileName: string; sizeBytes: number; fingerprint: string });
    const [, id = "", verb] = /^\/api\/v1\/uploads\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const upload = uploads.get(id);
    if (!upload) throw refusal(404, "watch.upload_not_found");
    if (verb === "part-urls") {
      const urls = (body as { partNumbers: number[] }).partNumbers.map((partNumber) => ({
        partNumber,
        size: partBytes,
        url: `${id}/${partNumber}`,
      }));
      return { urls, expiresAt: "2026-01-01T01:00:00.000Z" };
    }
    if (verb === "complete") return complete(upload);
    if (method === "DELETE") return void (upload.state = "canceled");
    return structuredClone(upload);
  }

  function begin({ fileName, sizeBytes, fingerprint }: { fileName: string; sizeBytes: number; fingerprint: string }) {
    const open = [...uploads.values()].find((held) => held.fingerprint === fingerprint && held.state === "receiving");
    if (open) return { ...structuredClone(open), resumed: true };
    const n = uploads.size + 1;
    const partCount = Math.ceil(sizeBytes / partBytes);
    const cut = { fileName, sizeBytes, partBytes, partCount, fingerprint };
    const upload: Held = { id: `upl_${n}`, videoId: `vid_${n}`, ...cut, state: "receiving", received: [] };
    uploads.set(upload.id, upload);
    return { ...structuredClone(upload), resumed: false };
  }

  function complete(upload: Held) {
    house.beforeComplete(upload);
    if (missingParts(upload, upload.received).length > 0) throw refusal(409, "watch.upload_incomplete");
    upload.state = "accepted";
    return structuredClone(upload);
  }

  async function put(
    url: string,
    bytes: Blob,
    { signal, onProgress }: { signal: AbortSignal; onProgress(sent: number): void },
  ): Promise<number> {
    const [id = "", number] = url.split("/");
    const partNumber = Number(number);
    house.inFlight++;
    house.inFlightMax = Math.max(house.inFlightMax, house.inFlight);
    try {
      await Promise.resolve();
      onProgress(Math.floor(bytes.size / 2));
      const status = await house.beforePut(partNumber, signal);
      signal.throwIfAborted();
      if (status) return status;
      puts.push(partNumber);
      const { received } = uploads.get(id)!;
      received.push({ partNumber, size: bytes.size });
      return 200;
    } finally {
      house.inFlight--;
    }
  }
  return house;
}

export function refusal(status: number, code: string, facts: Record<string, unknown> = {}): RefusedError {
  return new RefusedError({ status, code, message: `sentence of ${code}`, facts });
}

/** Time that passes as soon as somebody waits, and a network that a test switches. */
export function fakeSurroundings() {
  let online = true;
  let nowMs = 0;
  const waiting = new Set<() => void>();
  let arrived = () => {};
  const waits: number[] = [];
  const surroundings: Surroundings = {
    nowMs: () => (nowMs += 100),
    random: () => 0.5,
    async wait(delayMs, signal) {
      signal.throwIfAborted();
      waits.push(delayMs);
      nowMs += delayMs;
    },
    online: () => online,
    untilOnline: (signal) =>
      new Promise((resolve, reject) => {
        waiting.add(resolve);
        arrived();
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      }),
  };
  return {
    surroundings,
    /** Every back-off, in milliseconds. */
    waits,
    goOffline: () => void (online = false),
    /** Resolves once this many wait for the network. */
    untilWaiting: (count: number) =>
      new Promise<void>((resolve) => {
        arrived = () => waiting.size >= count && resolve();
        arrived();
      }),
    goOnline() {
      online = true;
      for (const wake of waiting) wake();
      waiting.clear();
    },
  };
}

export { UnreachableError };
