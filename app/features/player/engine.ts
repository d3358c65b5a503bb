import type Hls from "hls.js";
import type { HlsConfig } from "hls.js";
import { type Addressing, readdressed } from "./grant.ts";
import type { QualityLevel } from "./player-state.ts";

/** Enough to start at once without fetching a film that nobody plays. */
const BUFFER_BEFORE_PLAY_S = 8;
const BUFFER_S = 30;
const NETWORK_RETRIES_MAX = 3;

export type EngineWatcher = {
  onLevels(levels: QualityLevel[]): void;
  onLevelShown(index: number): void;
  /** Something was refused under the grant at hand. */
  onForbidden(): Promise<void>;
  /** Playing cannot go on. */
  onFatal(): void;
};

/** What brings the pictures into a `<video>`. */
export type Engine = {
  /** -1 is automatic. */
  chooseLevel(index: number): void;
  /** The person wants to see it: loads as far ahead as usual. */
  expectPlay(): void;
  destroy(): void;
};

export type EngineOptions = {
  video: HTMLVideoElement;
  grant(): Addressing;
  startS: number;
  watcher: EngineWatcher;
};

/**
 * Plays HLS by hls.js over Media Source Extensions, or by the browser itself where it has no MSE. `module` is the import of hls.js, begun
 * by the caller so that it runs beside the request for the grant.
 */
export async function startEngine(module: Promise<{ default: typeof Hls }>, options: EngineOptions): Promise<Engine> {
  const { default: HlsClass } = await module;
  if (HlsClass.isSupported()) return hlsEngine(HlsClass, options);
  if (options.video.canPlayType("application/vnd.apple.mpegurl")) return nativeEngine(options);
  throw new Error("this browser cannot play HLS");
}

function hlsEngine(HlsClass: typeof Hls, { video, grant, startS, watcher }: EngineOptions): Engine {
  const config: Partial<HlsConfig> = {
    startPosition: startS > 0 ? startS : -1,
    capLevelToPlayerSize: true,
    maxBufferLength: video.paused ? BUFFER_BEFORE_PLAY_S : BUFFER_S,
    backBufferLength: 60,
    xhrSetup: (request, url) => request.open("GET", readdressed(url, grant(), location.origin), true),
  };
  const hls = new HlsClass(config);
  const recover = recovery(HlsClass, hls, watcher);
  const { Events } = HlsClass;
  hls.on(Events.MANIFEST_PARSED, () => watcher.onLevels(hls.levels.map(asQuality)));
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => watcher.onLevelShown(level));
  hls.on(Events.ERROR, (_, data) => recover(data));
  hls.loadSource(grant().playlistUrl);
  hls.attachMedia(video);
  return {
    chooseLevel: (index) => void (hls.nextLevel = index),
    expectPlay: () => void (hls.config.maxBufferLength = BUFFER_S),
    destroy: () => hls.destroy(),
  };
}

function asQuality({ width, height, bitrate }: { width: number; height: number; bitrate: number }, index: number) {
  return { index, width, height, shortSide: Math.min(width, height), bitrate };
}

/** What to do about an error: a refusal gets a new grant, the network and the decoder a few chances, anything else is the end. */
function recovery(HlsClass: typeof Hls, hls: Hls, watcher: EngineWatcher) {
  let networkRetries = 0;
  let mediaRetried = false;
  let renewing = false;
  hls.on(HlsClass.Events.FRAG_BUFFERED, () => (networkRetries = 0));

  const renew = async () => {
    if (renewing) return;
    renewing = true;
    await watcher.onForbidden();
    renewing = false;
    hls.startLoad();
  };
  return (data: { fatal: boolean; type: string; response?: { code?: number | undefined } | undefined }) => {
    const forbidden = data.response?.code === 403 || data.response?.code === 401;
    if (forbidden && networkRetries++ < NETWORK_RETRIES_MAX) return void renew();
    if (!data.fatal) return;
    if (data.type === HlsClass.ErrorTypes.NETWORK_ERROR && networkRetries++ < NETWORK_RETRIES_MAX)
      return hls.startLoad();
    if (data.type === HlsClass.ErrorTypes.MEDIA_ERROR && !mediaRetried) {
      mediaRetried = true;
      return hls.recoverMediaError();
    }
    hls.stopLoad();
    watcher.onFatal();
  };
}

/** The browser fetches by itself, so a newer grant only counts from the next time that it opens the playlist. */
function nativeEngine({ video, grant, startS, watcher }: EngineOptions): Engine {
  let reopened = 0;
  const open = (positionS: number, playing: boolean) => {
    video.src = grant().playlistUrl;
    const begin = () => {
      if (positionS > 0) video.currentTime = positionS;
      if (playing) void video.play().catch(() => undefined);
    };
    video.addEventListener("loadedmetadata", begin, { once: true });
  };
  const failed = async () => {
    if (reopened++ >= NETWORK_RETRIES_MAX) return watcher.onFatal();
    const { currentTime, paused } = video;
    await watcher.onForbidden();
    open(currentTime, !paused);
  };
  const onError = () => void failed();
  const onPlaying = () => (reopened = 0);
  video.addEventListener("error", onError);
  video.addEventListener("playing", onPlaying);
  open(startS, false);
  return {
    chooseLevel: () => undefined,
    expectPlay: () => void (video.preload = "auto"),
    destroy() {
      video.removeEventListener("error", onError);
      video.removeEventListener("playing", onPlaying);
      video.removeAttribute("src");
      video.load();
    },
  };
}
