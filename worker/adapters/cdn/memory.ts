import type { Cdn } from "../../ports/cdn.ts";

export type MemoryCdn = Cdn & {
  /** Text objects by key. */
  readonly texts: Map<string, string>;
  /** Keys that were read, in order. */
  readonly reads: string[];
  /** Whether a URL's own signature opens it at an instant, by the rules of a wildcard policy. */
  opens(url: string, at: Date): boolean;
};

/** A CDN in memory whose signatures are readable: `Policy` is the resource in clear and its end. For tests of what stands on the port. */
export function makeMemoryCdn(origin = "https://cdn.test"): MemoryCdn {
  const texts = new Map<string, string>();
  const reads: string[] = [];
  const url = (key: string) => `${origin}/${key}`;
  return {
    texts,
    reads,
    url,
    signPrefix: async (prefix, expiresAt) =>
      new URLSearchParams({ Policy: `${url(prefix)}*|${expiresAt.getTime()}`, Signature: "memory" }).toString(),
    readText: async (key) => {
      reads.push(key);
      return texts.get(key) ?? null;
    },
    opens: (signed, at) => {
      const { href, searchParams } = new URL(signed);
      const [resource = "", until = "0"] = (searchParams.get("Policy") ?? "").split("|");
      return href.startsWith(resource.slice(0, -1)) && resource.endsWith("*") && at.getTime() < Number(until);
    },
  };
}
