import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathAfterSignIn, safePath } from "./safe-path.ts";

const HOST = "https://hiroba.example";

describe("safePath", () => {
  it.each(["/", "/studio", "/watch/vid_1?t=30#comments", "/c/hana?cursor=a%2Fb"])("keeps %s", (path) => {
    expect(safePath(path)).toBe(path);
  });

  it.each([
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "/\t/elsewhere.example",
    "/.//elsewhere.example",
    "/a/..//elsewhere.example",
    "javascript:alert(1)",
    "studio",
    "",
    " /studio",
    null,
    undefined,
    ["/studio"],
    `/${"a".repeat(3_000)}`,
  ])("goes home instead of %j", (wanted) => {
    expect(safePath(wanted)).toBe("/");
  });

  it("never leaves the host, whatever is asked for", () => {
    const characters = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "\t",
      "\n",
      "@",
      ":",
      "?",
      "#",
      "%2f",
      "a",
      "elsewhere.example",
    );
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (pieces) => {
        expect(new URL(safePath(`/${pieces.join("")}`), HOST).origin).toBe(HOST);
      }),
    );
  });
});

describe("pathAfterSignIn", () => {
  it.each(["/login", "/login?next=/studio", "/logout", "/signup", "/verify?token=x"])(
    "does not go back to %s",
    (path) => {
      expect(pathAfterSignIn(path)).toBe("/");
    },
  );

  it("goes on to what was asked for", () => {
    expect(pathAfterSignIn("/loginfo")).toBe("/loginfo");
    expect(pathAfterSignIn("/studio/upload")).toBe("/studio/upload");
  });
});
