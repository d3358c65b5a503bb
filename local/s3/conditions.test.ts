import { expect, test } from "vitest";
import { planRead } from "./conditions.ts";

const current = { etag: "abc", lastModified: new Date("2026-01-02T03:04:05.678Z"), size: 100 };
const plan = (headers: Record<string, string>, of = current) => planRead((name) => headers[name], of);

test("gives If-Match precedence over If-Unmodified-Since and If-None-Match over If-Modified-Since", () => {
  const [before, same] = ["Fri, 02 Jan 2026 03:04:04 GMT", "Fri, 02 Jan 2026 03:04:05 GMT"];
  expect(plan({ "if-match": '"abc"', "if-unmodified-since": before }).status).toBe(200);
  expect(plan({ "if-unmodified-since": before }).status).toBe(412);
  expect(plan({ "if-unmodified-since": same }).status).toBe(200);
  expect(plan({ "if-none-match": '"x"', "if-modified-since": same }).status).toBe(200);
  expect(plan({ "if-modified-since": same }).status).toBe(304);
  expect(plan({ "if-modified-since": before }).status).toBe(200);
  expect(plan({ "if-none-match": 'W/"abc", "x"' }).status).toBe(304);
  expect(plan({ "if-match": '"x"', "if-none-match": '"abc"' }).status).toBe(412);
});

test("honours a range only while If-Range holds", () => {
  expect(plan({ range: "bytes=0-9", "if-range": '"abc"' }).status).toBe(206);
  expect(plan({ range: "bytes=0-9", "if-range": '"old"' }).status).toBe(200);
});

test("knows no range in an empty object and ignores what it does not understand", () => {
  expect(plan({ range: "bytes=0-" }, { ...current, size: 0 }).status).toBe(416);
  expect(plan({ range: "bytes=-0" }).status).toBe(416);
  for (const range of ["bytes=5-2", "bytes=-", "bytes=1-2,4-5", "items=0-1"]) expect(plan({ range }).status).toBe(200);
});
