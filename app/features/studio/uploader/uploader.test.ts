import { describe, expect, it } from "vitest";
import { fakeHouse, fakeSurroundings, refusal, UnreachableError } from "./fake-house.ts";
import { type OpenUploads, storedOpenUploads } from "./open-uploads.ts";
import type { UploadItem, UploadPhase } from "./upload-state.ts";
import { createUploader, type Uploader } from "./uploader.ts";

function aTown(partBytes = 10) {
  const house = fakeHouse(partBytes);
  const around = fakeSurroundings();
  const openUploads = inMemory();
  const uploader = createUploader({
    transport: house.transport,
    surroundings: around.surroundings,
    wallClockMs: () => Date.parse("2026-01-01T00:00:00Z"),
    openUploads,
  });
  return { house, around, openUploads, uploader };
}

function inMemory(): OpenUploads {
  const kept = new Map<string, string>();
  return storedOpenUploads({ getItem: (k) => kept.get(k) ?? null, setItem: (k, v) => void kept.set(k, v) }, "usr_1");
}

const aFile = (name: string, size: number) => new File([new Uint8Array(size)], name, { lastModified: 7 });

/** The item once it fulfils something. */
function until(uploader: Uploader, fits: (item: UploadItem) => boolean, index = 0): Promise<UploadItem> {
  return new Promise((resolve) => {
    const look = () => {
      const item = uploader.items()[index];
      if (!item || !fits(item)) return;
      leave();
      resolve(item);
    };
    const leave = uploader.subscribe(look);
    look();
  });
}
const untilPhase = (uploader: Uploader, phase: UploadPhase, index = 0) =>
  until(uploader, (item) => item.phase === phase, index);

/** A gate that holds whoever comes until it is opened. */
function aGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { pass: () => opened, open };
}

describe("uploader", () => {
  it("sends every part once, signs them in batches of twenty, and asks the house to accept", async () => {
    const { house, uploader, openUploads } = aTown();
    uploader.add([aFile("a.mp4", 415)]);
    const item = await untilPhase(uploader, "accepted");
    expect(item).toMatchObject({ sentBytes: 415, uploadId: "upl_1", videoId: "vid_1", resumed: false, trouble: null });
    expect(house.puts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 42 }, (_, i) => i + 1));
    expect(house.uploads.get("upl_1")!.received.find(({ partNumber }) => partNumber === 42)!.size).toBe(5);
    expect(house.calls.filter((call) => call.endsWith("part-urls"))).toHaveLength(3);
    expect(openUploads.list()).toEqual([]);
    expect(uploader.busy()).toBe(false);
  });

  it("keeps at most two files and four parts in flight", async () => {
    const { house, uploader } = aTown();
    const gate = aGate();
    house.beforePut = () => gate.pass();
    uploader.add(["a", "b", "c"].map((name) => aFile(name, 100)));
    await untilPhase(uploader, "sending", 1);
    expect(uploader.items()[2]!.phase).toBe("waiting");
    gate.open();
    await Promise.all([0, 1, 2].map((index) => untilPhase(uploader, "accepted", index)));
    expect(house.inFlightMax).toBe(4);
  });

  it("repeats a part with growing back-off and asks for a new address when the old one expired", async () => {
    const { house, around, uploader } = aTown();
    const answers: (number | Error)[] = [403, 503, new UnreachableError(), 500];
    house.beforePut = async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    };
    uploader.add([aFile("a", 10)]);
    await untilPhase(uploader, "accepted");
    expect(around.waits).toEqual([1_500, 3_000, 6_000]);
    expect(house.calls.filter((call) => call.endsWith("part-urls"))).toHaveLength(4);
  });

  it("gives up after eight attempts, and goes on from there when asked to", async () => {
    const { house, uploader } = aTown();
    house.beforePut = async (partNumber) => (partNumber === 2 ? 503 : undefined);
    uploader.add([aFile("a", 20)]);
    const failed = await untilPhase(uploader, "failed");
    expect(failed.trouble).toEqual({ kind: "unreachable" });
    house.beforePut = async () => {};
    uploader.resume(failed.key);
    await untilPhase(uploader, "accepted");
    expect(house.puts).toEqual([1, 2]);
  });

  it("stops at a pause and sends only the rest afterwards", async () => {
    const { house, uploader } = aTown();
    const gate = aGate();
    house.beforePut = async (partNumber, signal) => {
      if (partNumber > 4) await Promise.race([gate.pass(), aborted(signal)]);
    };
    uploader.add([aFile("a", 100)]);
    await until(uploader, ({ sentBytes }) => sentBytes >= 60);
    const { key } = uploader.items()[0]!;
    uploader.pause(key);
    expect(uploader.items()[0]).toMatchObject({ phase: "paused", bytesPerSecond: null });
    expect(uploader.busy()).toBe(false);
    gate.open();
    uploader.resume(key);
    const item = await untilPhase(uploader, "accepted");
    expect(item.resumed).toBe(true);
    expect(house.puts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("goes on in a new visit when the same file is chosen, and remembers that it may", async () => {
    const { house, uploader, openUploads, around } = aTown();
    house.beforePut = async (partNumber) => (partNumber === 3 ? 503 : undefined);
    uploader.add([aFile("a", 30)]);
    await untilPhase(uploader, "failed");
    expect(openUploads.list()).toEqual([
      { fingerprint: "a|30|7", uploadId: "upl_1", videoId: "vid_1", fileName: "a", sizeBytes: 30 },
    ]);
    house.beforePut = async () => {};
    const { surroundings } = around;
    const next = createUploader({ transport: house.transport, surroundings, wallClockMs: () => 0, openUploads });
    next.add([aFile("a", 30)]);
    const item = await untilPhase(next, "accepted");
    expect(item).toMatchObject({ uploadId: "upl_1", resumed: true });
    expect(house.puts.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  it("waits while offline without counting attempts, and goes on by itself", async () => {
    const { house, around, uploader } = aTown();
    house.beforePut = async () => {
      if (!around.surroundings.online()) throw new UnreachableError();
    };
    around.goOffline();
    uploader.add([aFile("a", 30)]);
    const item = await until(uploader, ({ offline }) => offline);
    expect(item.phase).toBe("sending");
    await around.untilWaiting(3);
    around.goOnline();
    expect(await untilPhase(uploader, "accepted")).toMatchObject({ offline: false });
    expect(around.waits).toEqual([]);
  });

  it("sends again what the house misses or calls wrong", async () => {
    const { house, uploader } = aTown();
    const losses = [
      (upload: { received: { partNumber: number; size: number }[] }) => void upload.received.splice(0, 1),
      () => {
        throw refusal(422, "watch.upload_part_wrong", { partNumber: 2 });
      },
      () => {},
    ];
    house.beforeComplete = (upload) => losses.shift()?.(upload);
    uploader.add([aFile("a", 30)]);
    await untilPhase(uploader, "accepted");
    expect(house.puts.slice(0, 3).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(house.puts.slice(3)).toEqual([house.puts[0], 2]);
    expect(house.calls.filter((call) => call === "GET /api/v1/uploads/upl_1")).toHaveLength(2);
  });

  it("takes a refusal of the file as final and shows its sentence", async () => {
    const { house, uploader, openUploads } = aTown();
    house.beforeComplete = () => {
      throw refusal(422, "watch.upload_not_video");
    };
    uploader.add([aFile("a", 30)]);
    const item = await untilPhase(uploader, "refused");
    expect(item.trouble).toEqual({
      kind: "refused",
      code: "watch.upload_not_video",
      message: "sentence of watch.upload_not_video",
    });
    expect(openUploads.list()).toEqual([]);
    expect(house.calls.filter((call) => call.endsWith("complete"))).toHaveLength(1);
  });

  it("waits as long as the API asks before repeating a call", async () => {
    const { house, around, uploader } = aTown();
    let asked = 0;
    house.beforeCall = async () => {
      const limited = refusal(429, "house.limited");
      if (asked++ === 0) throw Object.assign(limited, { retryAfterS: 17 });
    };
    uploader.add([aFile("a", 10)]);
    await untilPhase(uploader, "accepted");
    expect(around.waits).toEqual([17_000]);
  });

  it("deletes a canceled upload at the house and lets the same file be chosen again", async () => {
    const { house, uploader } = aTown();
    const gate = aGate();
    house.beforePut = (_partNumber, signal) => Promise.race([gate.pass(), aborted(signal)]);
    uploader.add([aFile("a", 30)]);
    const { key } = await untilPhase(uploader, "sending");
    uploader.cancel(key);
    expect(uploader.items()[0]!.phase).toBe("canceled");
    expect(house.calls.at(-1)).toBe("DELETE /api/v1/uploads/upl_1");
    gate.open();
    uploader.add([aFile("a", 30)]);
    expect(await untilPhase(uploader, "accepted")).toMatchObject({ uploadId: "upl_2" });
    expect(uploader.items()).toHaveLength(1);
  });

  it("says so when the file was taken away under its feet", async () => {
    const { house, uploader } = aTown();
    house.beforePut = async () => {
      throw new UnreachableError();
    };
    const file = aFile("a", 10);
    const gone = {
      slice: () => ({ size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) }),
    };
    uploader.add([
      Object.assign(Object.create(gone) as File, { name: "a", size: 10, lastModified: file.lastModified }),
    ]);
    expect((await untilPhase(uploader, "failed")).trouble).toEqual({ kind: "file_gone" });
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
  );
}
