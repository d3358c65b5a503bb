import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkify } from "./linkify.ts";

const links = (text: string) => linkify(text).filter(({ href }) => href !== undefined);

describe("linkify", () => {
  it("finds addresses between words, in Japanese text too", () => {
    expect(linkify("詳しくは https://example.com/a?b=c。どうぞ")).toEqual([
      { text: "詳しくは " },
      { text: "https://example.com/a?b=c", href: "https://example.com/a?b=c" },
      { text: "。どうぞ" },
    ]);
  });

  it("leaves the marks of the sentence outside, and keeps brackets that belong to the address", () => {
    expect(links("(see https://example.com/x).")[0]!.text).toBe("https://example.com/x");
    expect(links("https://example.com/a_(b)")[0]!.text).toBe("https://example.com/a_(b)");
    expect(links("https://example.com/...")[0]!.text).toBe("https://example.com/");
  });

  it("makes nothing but http and https a link, and nothing that disguises its host", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "ftp://example.com", "www.example.com", "https://"])
      expect(links(text), text).toEqual([]);
    expect(links("https://bank.example@evil.example/")).toEqual([]);
  });

  it("never changes the text and never yields another scheme, whatever is typed", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("https://a.example/", "http://", "JavaScript:", "(", ")", "。"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const stretches = linkify(text);
        expect(stretches.map((stretch) => stretch.text).join("")).toBe(text);
        for (const { href } of stretches) if (href !== undefined) expect(href).toMatch(/^https?:\/\//);
      }),
    );
  });
});
