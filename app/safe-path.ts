const HERE = "https://here.invalid";

/**
 * The path that a reader may be sent on to: on this host only, whatever was asked for. Anything else becomes `fallback`.
 * Read as browsers read it (WHATWG URL), so that `//elsewhere`, `/\elsewhere`, a tab in between or `/.//elsewhere` lead nowhere else
 * (OWASP, Unvalidated Redirects and Forwards).
 */
export function safePath(wanted: unknown, fallback = "/"): string {
  if (typeof wanted !== "string" || !wanted.startsWith("/") || wanted.length > 2_000) return fallback;
  let url: URL;
  try {
    url = new URL(wanted, HERE);
  } catch {
    return fallback;
  }
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === HERE && !/^\/[/\\]/.test(path) ? path : fallback;
}

/** Like {@link safePath}, and never one of the pages of signing in and out, where nobody wants to arrive after signing in. */
export function pathAfterSignIn(wanted: unknown): string {
  const path = safePath(wanted);
  return /^\/(?:login|logout|signup|verify)(?:[/?#]|$)/.test(path) ? "/" : path;
}
