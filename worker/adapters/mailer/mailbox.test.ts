import fc from "fast-check";
import { expect, it } from "vitest";
import { mailbox } from "./mailbox.ts";

it("leaves an ASCII name and a bare address as they are", () => {
  expect(mailbox("Hiroba <no-reply@hiroba.example>")).toBe("Hiroba <no-reply@hiroba.example>");
  expect(mailbox("no-reply@hiroba.example")).toBe("no-reply@hiroba.example");
});

it("encodes any other name", () => {
  expect(mailbox("ひろば <no-reply@hiroba.example>")).toBe("=?utf-8?B?44Gy44KN44Gw?= <no-reply@hiroba.example>");
});

it("cuts long names between characters, into words of at most 75 characters that give the name back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), (tail) => {
      const name = `広${tail.replace(/[<>\s\p{Cc}]/gu, "")}`;
      const encoded = mailbox(`${name} <a@b.example>`).replace(" <a@b.example>", "");
      const words = encoded.split(" ");
      for (const word of words) expect(word.length).toBeLessThanOrEqual(75);
      const decoded = words.map((word) =>
        new TextDecoder("utf-8", { fatal: true }).decode(
          Buffer.from(/^=\?utf-8\?B\?(.*)\?=$/.exec(word)![1]!, "base64"),
        ),
      );
      expect(decoded.join("")).toBe(name);
    }),
  );
});
