import type { Words } from "./locale.ts";

/** The closed list of error kinds and the one HTTP status that each maps to. */
export const ERROR_STATUS = {
  malformed: 400,
  unauthenticated: 401,
  payment_required: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  invalid: 422,
  limited: 429,
  internal: 500,
  upstream: 502,
  unavailable: 503,
} as const;

export type ErrorKind = keyof typeof ERROR_STATUS;
export type Facts = Readonly<Record<string, string | number | boolean | null>>;
/** One field that is wrong: `pointer` is a JSON pointer (RFC 6901) into the input. */
export type Issue = { pointer: string; message: string };

/** A refusal with a name. What the reader sees is `words`; `facts` are safe to show; `cause` never leaves the house. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  /** Dotted, stable, e.g. `watch.upload_not_video`. */
  readonly code: string;
  readonly words: Words;
  readonly facts: Facts;
  readonly issues: readonly Issue[];
  /** Seconds until asking again makes sense; sent as `Retry-After` (RFC 9110 §10.2.3). */
  readonly retryAfterS: number | undefined;

  constructor(init: {
    kind: ErrorKind;
    code: string;
    words: Words;
    facts?: Facts | undefined;
    issues?: readonly Issue[] | undefined;
    retryAfterS?: number | undefined;
    cause?: unknown;
  }) {
    super(`${init.code}: ${init.words.en}`, { cause: init.cause });
    this.name = "AppError";
    this.kind = init.kind;
    this.code = init.code;
    this.words = init.words;
    this.facts = init.facts ?? {};
    this.issues = init.issues ?? [];
    this.retryAfterS = init.retryAfterS;
  }

  get status(): number {
    return ERROR_STATUS[this.kind];
  }

  /** The part that may cross a process boundary. */
  toWire(): AppErrorWire {
    const { kind, code, words, facts, issues, retryAfterS } = this;
    return { kind, code, words, facts, issues, ...(retryAfterS === undefined ? {} : { retryAfterS }) };
  }

  static revive(wire: AppErrorWire): AppError {
    return new AppError(wire);
  }

  /** Recognises an AppError by shape too: class identity is lost across bundles and isolates. */
  static is(value: unknown): value is AppError {
    return (
      value instanceof AppError ||
      (value instanceof Error && value.name === "AppError" && "kind" in value && "code" in value)
    );
  }
}

export type AppErrorWire = {
  kind: ErrorKind;
  code: string;
  words: Words;
  facts: Facts;
  issues: readonly Issue[];
  retryAfterS?: number;
};

type ErrorInit = { facts?: Facts; issues?: readonly Issue[]; retryAfterS?: number; cause?: unknown };
type ErrorSpec = { kind: ErrorKind } & Words;
/** Makes the error of one code. */
export type ErrorFactory = ((init?: ErrorInit) => AppError) & {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly words: Words;
};

/** All codes that modules have declared in this process, for the generated catalogue. */
const catalogue = new Map<string, ErrorSpec>();

/**
 * Declares a module's error codes with their kind and their sentence in both languages: what happened, what it means, what to do.
 * `defineErrors("watch", { notVideo: … }).notVideo()` makes an error with the code `watch.not_video`.
 */
export function defineErrors<const T extends Record<string, ErrorSpec>>(
  module: string,
  specs: T,
): { readonly [K in keyof T]: ErrorFactory } {
  const factories: Record<string, ErrorFactory> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const code = `${module}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    if (catalogue.has(code)) throw new Error(`error code declared twice: ${code}`);
    catalogue.set(code, spec);
    const words = { ja: spec.ja, en: spec.en };
    const make = (init: ErrorInit = {}) => new AppError({ kind: spec.kind, code, words, ...init });
    factories[name] = Object.assign(make, { code, kind: spec.kind, words });
  }
  return factories as { readonly [K in keyof T]: ErrorFactory };
}

/** The factory of a declared code; undefined for a code nobody declared. */
export function errorOfCode(code: string, init: ErrorInit = {}): AppError | undefined {
  const spec = catalogue.get(code);
  return spec && new AppError({ kind: spec.kind, code, words: { ja: spec.ja, en: spec.en }, ...init });
}

/** Every declared code, sorted. */
export function errorCatalogue(): { code: string; kind: ErrorKind; words: Words }[] {
  return [...catalogue]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { kind, ja, en }]) => ({ code, kind, words: { ja, en } }));
}

/** The codes that belong to no module. */
export const houseErrors = defineErrors("house", {
  malformed: {
    kind: "malformed",
    ja: "リクエストを読み取れませんでした。形式を確かめて、もう一度お送りください。",
    en: "The request could not be read. Check its format and send it again.",
  },
  invalid: { kind: "invalid", ja: "入力に直すところがあります。", en: "Some of the input needs correcting." },
  unauthenticated: { kind: "unauthenticated", ja: "サインインが必要です。", en: "You need to sign in." },
  forbidden: {
    kind: "forbidden",
    ja: "この操作をする権限がありません。",
    en: "You do not have permission to do this.",
  },
  csrfFailed: {
    kind: "forbidden",
    ja: "このページからの操作と確かめられませんでした。ページを読み込み直して、もう一度お試しください。",
    en: "We could not confirm that this came from our page. Reload the page and try again.",
  },
  notFound: { kind: "not_found", ja: "見つかりませんでした。", en: "We could not find that." },
  methodNotAllowed: {
    kind: "malformed",
    ja: "この宛先では使えない操作です。",
    en: "That method is not available here.",
  },
  conflict: {
    kind: "conflict",
    ja: "ほかの操作と重なりました。読み込み直して、もう一度お試しください。",
    en: "Something else changed this at the same time. Reload and try again.",
  },
  tooLarge: { kind: "too_large", ja: "送られたデータが大きすぎます。", en: "What you sent is too large." },
  limited: {
    kind: "limited",
    ja: "短い時間に操作が続いたため、少し待ってからお試しください。",
    en: "Too many requests in a short time. Wait a little and try again.",
  },
  internal: {
    kind: "internal",
    ja: "こちらの不具合で処理できませんでした。時間をおいて、もう一度お試しください。",
    en: "Something went wrong on our side. Try again in a while.",
  },
  unavailable: {
    kind: "unavailable",
    ja: "ただいまご利用になれません。時間をおいて、もう一度お試しください。",
    en: "This is not available right now. Try again in a while.",
  },
});

/** What a log may say of something thrown: never the parameters of a query, which are people's data. */
export function loggable(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const [said = ""] = thrown.message.split(/\n?params:/);
  const cause = thrown.cause instanceof Error ? ` ← ${loggable(thrown.cause)}` : "";
  return `${thrown.name}: ${said.slice(0, 300)}${cause}`;
}
