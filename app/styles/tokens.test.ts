import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./app.css", import.meta.url), "utf8");
type Theme = "light" | "dark";

/** Every `--color-…` of the theme as six hexadecimal digits, in one theme. */
function tokensOf(theme: Theme): Map<string, string> {
  const tokens = new Map<string, string>();
  for (const [, name = "", value = ""] of css.matchAll(/--color-([\w-]+):\s*([^;]+);/g)) {
    const pair = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value);
    const alias = /^var\(--color-([\w-]+)\)$/.exec(value)?.[1];
    const colour = pair
      ? pair[theme === "light" ? 1 : 2]
      : alias
        ? tokens.get(alias)
        : /^#[0-9a-f]{6}$/.exec(value)?.[0];
    if (colour) tokens.set(name, colour);
  }
  return tokens;
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2 contrast ratio. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["ground", "surface", "sunken"];
const PRODUCTS = ["watch", "live", "lessons", "care", "shop", "voice"];
const MEANINGS = ["good", "warn", "bad", "note"];

/** What is written on what: [text, ground]. */
const TEXT_PAIRS: readonly (readonly [string, string])[] = [
  ...["ink", "soft", "accent", ...PRODUCTS, ...MEANINGS].flatMap((text) =>
    GROUNDS.map((ground) => [text, ground] as const),
  ),
  ...["accent", "bad", ...PRODUCTS].map((fill) => ["on-accent", fill] as const),
  ...["ink", "soft", "accent"].map((text) => [text, "wash"] as const),
  ...MEANINGS.flatMap((meaning) => [[meaning, `${meaning}-wash`] as const, ["ink", `${meaning}-wash`] as const]),
  ["on-stage", "stage"],
  ["stage-soft", "stage"],
];
/** What must be seen to be used (WCAG 2.2, 1.4.11). */
const EDGE_PAIRS = ["edge", "focus"].flatMap((edge) => ["ground", "surface"].map((ground) => [edge, ground] as const));

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  const tokens = tokensOf(theme);
  const colour = (name: string) => {
    const found = tokens.get(name);
    if (!found) throw new Error(`no such colour: ${name}`);
    return found;
  };

  it.each(TEXT_PAIRS)("lets %s be read on %s", (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(EDGE_PAIRS)("lets %s be seen on %s", (edge, ground) => {
    expect(contrast(colour(edge), colour(ground))).toBeGreaterThanOrEqual(3);
  });

  it("never uses pure black or white", () => {
    for (const value of tokens.values()) expect(["#000000", "#ffffff"]).not.toContain(value);
  });
});
