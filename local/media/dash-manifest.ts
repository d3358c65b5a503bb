import type { Rendition, VideoRendition } from "./hls-playlists.ts";

/** A rendition whose numbered segments a DASH manifest names by template. `uriStem` is the file name before `init.` or `_000000001.`. */
export interface DashRendition {
  rendition: Rendition | VideoRendition;
  uriStem: string;
  extension: string;
  segmentSeconds: readonly number[];
}

const TIMESCALE = 90_000;

const attribute = (text: string): string =>
  text.replace(/[&<"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", '"': "&quot;" })[char] ?? char);

/** One `S` per run of equal durations; times are rounded from the running sum so that rounding never adds up. */
function timeline(seconds: readonly number[]): string {
  const runs: { duration: number; repeats: number }[] = [];
  let endSeconds = 0;
  let end = 0;
  for (const length of seconds) {
    endSeconds += length;
    const nextEnd = Math.round(endSeconds * TIMESCALE);
    const last = runs.at(-1);
    if (last?.duration === nextEnd - end) last.repeats += 1;
    else runs.push({ duration: nextEnd - end, repeats: 0 });
    end = nextEnd;
  }
  const marks = runs.map(({ duration, repeats }, index) => {
    const start = index === 0 ? ' t="0"' : "";
    return `<S${start} d="${duration}"${repeats > 0 ? ` r="${repeats}"` : ""}/>`;
  });
  return `<SegmentTimeline>${marks.join("")}</SegmentTimeline>`;
}

function representation(dash: DashRendition, id: number): string {
  const { rendition, uriStem, extension, segmentSeconds } = dash;
  const stem = attribute(uriStem.replaceAll("$", "$$$$"));
  const picture =
    "frameRate" in rendition
      ? ` width="${rendition.width}" height="${rendition.height}" frameRate="${rendition.frameRate.numerator}/${rendition.frameRate.denominator}"`
      : "";
  return [
    `<Representation id="${id}" bandwidth="${rendition.peakBandwidth}" codecs="${attribute(rendition.codec)}"${picture}>`,
    `<SegmentTemplate timescale="${TIMESCALE}" startNumber="1" initialization="${stem}init.${extension}" media="${stem}_$Number%09d$.${extension}">`,
    timeline(segmentSeconds),
    "</SegmentTemplate></Representation>",
  ].join("");
}

/** A static DASH manifest (ISO/IEC 23009-1, live profile) over the same CMAF segments the HLS playlists name. */
export function writeDashManifest(renditions: readonly DashRendition[]): string {
  const duration = Math.max(
    0,
    ...renditions.map((dash) => dash.segmentSeconds.reduce((sum, seconds) => sum + seconds, 0)),
  );
  const numbered = renditions.map((dash, index) => ({ dash, text: representation(dash, index + 1) }));
  const set = (contentType: "video" | "audio"): string => {
    const members = numbered.filter(({ dash }) => ("frameRate" in dash.rendition ? "video" : "audio") === contentType);
    if (members.length === 0) return "";
    const head = `<AdaptationSet contentType="${contentType}" mimeType="${contentType}/mp4" segmentAlignment="true" startWithSAP="1">`;
    return `${head}${members.map(({ text }) => text).join("\n")}</AdaptationSet>\n`;
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" ',
    `mediaPresentationDuration="PT${duration.toFixed(3)}S" minBufferTime="PT2S">\n<Period id="1" start="PT0S">\n`,
    `${set("video")}${set("audio")}</Period>\n</MPD>\n`,
  ].join("");
}
