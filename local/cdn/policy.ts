import { BlockList, isIP } from "node:net";

/** The conditions of one CloudFront policy statement. Times are whole seconds since 1970. */
export interface Policy {
  readonly resource: string;
  readonly expiresAtSeconds: number;
  readonly startsAtSeconds: number | undefined;
  readonly sourceIp: string | undefined;
}

/** The policy text that a canned signature covers, byte for byte (CloudFront Developer Guide, "Create a policy statement for a canned policy"). */
export function cannedPolicyText(resource: string, expiresAtSeconds: string): string {
  return `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${expiresAtSeconds}}}}]}`;
}

/**
 * Reads a policy: exactly one statement with a resource, `DateLessThan`, and at most `DateGreaterThan` and `IpAddress` besides. Returns undefined for
 * anything else; an unknown condition is never ignored.
 */
export function readPolicy(text: string): Policy | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const statements = property(document, "Statement");
  if (!Array.isArray(statements) || statements.length !== 1) return undefined;
  const resource = property(statements[0], "Resource");
  const condition = property(statements[0], "Condition");
  if (typeof resource !== "string" || typeof condition !== "object" || condition === null) return undefined;
  const known = ["DateLessThan", "DateGreaterThan", "IpAddress"];
  if (Object.keys(condition).some((name) => !known.includes(name))) return undefined;
  const expiresAtSeconds = property(property(condition, "DateLessThan"), "AWS:EpochTime");
  const startsAtSeconds = property(property(condition, "DateGreaterThan"), "AWS:EpochTime");
  const sourceIp = property(property(condition, "IpAddress"), "AWS:SourceIp");
  if (!isEpoch(expiresAtSeconds)) return undefined;
  if ("DateGreaterThan" in condition && !isEpoch(startsAtSeconds)) return undefined;
  if ("IpAddress" in condition && typeof sourceIp !== "string") return undefined;
  return {
    resource,
    expiresAtSeconds,
    startsAtSeconds: isEpoch(startsAtSeconds) ? startsAtSeconds : undefined,
    sourceIp: typeof sourceIp === "string" ? sourceIp : undefined,
  };
}

/** Whether a policy lets this viewer have this URL (scheme, host, path and own query) now. */
export function policyAllows(policy: Policy, asked: { url: string; ip: string; now: Date }): boolean {
  const nowSeconds = asked.now.getTime() / 1000;
  if (nowSeconds >= policy.expiresAtSeconds) return false;
  if (policy.startsAtSeconds !== undefined && nowSeconds < policy.startsAtSeconds) return false;
  if (policy.sourceIp !== undefined && !ipMatches(policy.sourceIp, asked.ip)) return false;
  return wildcardMatches(policy.resource, asked.url);
}

/** Matches `*` (any characters, also none, also `/`) and `?` (one character) against a whole text, in time linear in their product. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Whether an address lies in a CIDR block (or is the one address named). */
export function ipMatches(cidr: string, ip: string): boolean {
  const [network = "", prefixText] = cidr.split("/");
  const version = isIP(network);
  const viewer = ip.replace(/^::ffff:(?=\d+\.)/, "");
  if (version === 0 || isIP(viewer) === 0) return false;
  const bits = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (!/^\d{1,3}$/.test(prefixText ?? "0") || prefix > bits) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, version === 4 ? "ipv4" : "ipv6");
  return list.check(viewer, isIP(viewer) === 4 ? "ipv4" : "ipv6");
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isEpoch(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}
