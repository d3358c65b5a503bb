import { expect, test } from "vitest";
import { continuationToken, listPage, readContinuationToken } from "./listing.ts";

const items = ["a/1", "a/2", "b", "c/1", "c/d/2", "z"].map((key) => ({ key }));

test("walks keys and groups page by page without losing or repeating an entry", () => {
  const seen: string[] = [];
  let after = "";
  for (let page = 0; page < 10; page++) {
    const {
      items: found,
      commonPrefixes,
      next,
    } = listPage(items, { prefix: "", delimiter: "/", entriesMax: 1, after });
    seen.push(...found.map((item) => item.key), ...commonPrefixes);
    if (next === undefined) break;
    after = next;
  }
  expect(seen).toEqual(["a/", "b", "c/", "z"]);
});

test("groups behind the prefix only", () => {
  expect(listPage(items, { prefix: "c/", delimiter: "/", entriesMax: 10, after: "" })).toEqual({
    items: [{ key: "c/1" }],
    commonPrefixes: ["c/d/"],
    next: undefined,
  });
});

test("knows its own continuation tokens", () => {
  expect(readContinuationToken(continuationToken("東京/"))).toBe("東京/");
  expect(readContinuationToken("not-a-token")).toBeUndefined();
});
