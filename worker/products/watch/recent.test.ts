import { expect, it } from "vitest";
import { makeRecent } from "./recent.ts";

function counting(entriesMax: number) {
  const made: string[] = [];
  const recent = makeRecent<string>(entriesMax);
  const ask = (key: string) => recent(key, async () => (made.push(key), key.toUpperCase()));
  return { made, ask };
}

it("makes a value once", async () => {
  const { made, ask } = counting(2);
  expect([await ask("a"), await ask("a")]).toEqual(["A", "A"]);
  expect(made).toEqual(["a"]);
});

it("forgets what was used least recently", async () => {
  const { made, ask } = counting(2);
  for (const key of ["a", "b", "a", "c", "a", "b"]) await ask(key);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

it("does not keep a failure", async () => {
  const recent = makeRecent<string>(2);
  await expect(recent("a", () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await recent("a", async () => "back")).toBe("back");
});
