import { callApi } from "../house-api/call-api.ts";
import { type Refusal, RefusedError } from "../house-api/refused-error.ts";
import { renewDelayMs, renewRetryMs, type WireGrant } from "./grant.ts";

export type PlaybackApi = {
  start(): Promise<{ value: WireGrant; answeredMs: number }>;
  renew(grant: string): Promise<{ value: WireGrant; answeredMs: number }>;
};

/** The doors of playback for one video. */
export function playbackApi(videoId: string, csrf: string): PlaybackApi {
  const post = (path: string, body: unknown) => callApi<WireGrant>({ method: "POST", path, body, csrf });
  return {
    start: () => post("/api/v1/playback/sessions", { videoId }),
    renew: (grant) => post("/api/v1/playback/renew", { grant }),
  };
}

export type PlaybackWatcher = {
  onGrant(grant: WireGrant): void;
  /** The house does not allow playing (any more). */
  onRefused(refusal: Refusal): void;
  /** No grant could be had: no answer came in time. */
  onUnreachable(): void;
};

export type PlaybackSession = {
  /** The newest grant; null until the first has come. */
  grant(): WireGrant | null;
  /** Gets a new grant at once, when something was refused under the one at hand. */
  refresh(): Promise<void>;
  stop(): void;
};

/**
 * Asks for permission to play and renews it until stopped: silently at 80 % of each grant's life, and by a new session when the grant ran
 * out meanwhile (a laptop that slept).
 */
export function openPlaybackSession(api: PlaybackApi, watcher: PlaybackWatcher): PlaybackSession {
  let grant: WireGrant | null = null;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: Promise<void> | null = null;

  const later = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), delayMs);
  };
  const get = async () => {
    if (!grant) return api.start();
    try {
      return await api.renew(grant.grant);
    } catch (error) {
      if (error instanceof RefusedError && error.refusal.code === "watch.grant_expired") return api.start();
      throw error;
    }
  };
  const renewed = async () => {
    try {
      const { value, answeredMs } = await get();
      if (stopped) return;
      grant = value;
      watcher.onGrant(value);
      later(renewDelayMs(value, answeredMs));
    } catch (error) {
      if (stopped) return;
      if (error instanceof RefusedError && !error.passing) return watcher.onRefused(error.refusal);
      const retryMs = grant && renewRetryMs(grant, Date.now());
      if (retryMs) later(retryMs);
      else watcher.onUnreachable();
    }
  };
  const ask = () => (asking ??= renewed().finally(() => (asking = null)));

  void ask();
  return {
    grant: () => grant,
    refresh: ask,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
