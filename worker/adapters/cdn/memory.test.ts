import { expect, it } from "vitest";
import { addMs, instantOf } from "../../kernel/time.ts";
import { makeMemoryCdn } from "./memory.ts";

const END = instantOf(1_790_000_000_000);

it("opens what lies under the signed prefix, until the signature's end, and nothing else", async () => {
  const cdn = makeMemoryCdn();
  const query = await cdn.signPrefix("v/a/1/", END);
  const opens = (key: string, at = addMs(END, -1)) => cdn.opens(`${cdn.url(key)}?${query}`, at);
  expect(opens("v/a/1/main.mp4")).toBe(true);
  expect(opens("v/a/1/main.mp4", END)).toBe(false);
  expect(opens("v/a/2/main.mp4")).toBe(false);
  expect(cdn.opens(cdn.url("v/a/1/main.mp4"), addMs(END, -1))).toBe(false);
});

it("reads the texts that it was given and remembers what was asked", async () => {
  const cdn = makeMemoryCdn();
  cdn.texts.set("v/a/1/main.m3u8", "#EXTM3U\n");
  expect([await cdn.readText("v/a/1/main.m3u8"), await cdn.readText("v/a/1/x.m3u8")]).toEqual(["#EXTM3U\n", null]);
  expect(cdn.reads).toEqual(["v/a/1/main.m3u8", "v/a/1/x.m3u8"]);
});
