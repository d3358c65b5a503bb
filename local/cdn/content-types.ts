import { extname } from "node:path";

/** The types of what a media bucket holds, by extension; segment types after RFC 8216 and RFC 9317. */
const TYPES: Readonly<Record<string, string>> = {
  ".aac": "audio/aac",
  ".avif": "image/avif",
  ".gif": "image/gif",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".m3u8": "application/vnd.apple.mpegurl",
  ".m4a": "audio/mp4",
  ".m4s": "video/iso.segment",
  ".m4v": "video/mp4",
  ".mp3": "audio/mpeg",
  ".mp4": "video/mp4",
  ".mpd": "application/dash+xml",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ts": "video/mp2t",
  ".vtt": "text/vtt",
  ".webm": "video/webm",
  ".webp": "image/webp",
};

const UNTOLD = new Set(["binary/octet-stream", "application/octet-stream", ""]);

/** The object's own type; where its writer told none, the type of its extension. */
export function contentTypeOf(key: string, stored: string): string {
  return UNTOLD.has(stored) ? (TYPES[extname(key).toLowerCase()] ?? "binary/octet-stream") : stored;
}
