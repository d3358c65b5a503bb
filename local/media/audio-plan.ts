import type { AudioCodecSettings, Output } from "@aws-sdk/client-mediaconvert";
import { badRequest } from "../aws/rest-json.ts";

/** AAC stereo (or mono) sound of one output. */
export interface PlannedAudio {
  selector: string;
  bitrate: number;
  sampleRate: number;
  channels: 1 | 2;
  language: string | undefined;
  name: string | undefined;
}

/** The AAC settings of a description, with the two members AWS requires. */
function aacOf(
  codec: AudioCodecSettings | undefined,
  path: string,
): { sampleRate: number; codingMode: string; bitrate: number } {
  const aac = codec?.Codec === "AAC" ? codec.AacSettings : undefined;
  if (!aac) throw badRequest(`${path}: AAC with aacSettings is implemented locally`);
  if (aac.SampleRate === undefined) throw badRequest(`${path}/aacSettings: sampleRate is a required property`);
  if (aac.CodingMode === undefined) throw badRequest(`${path}/aacSettings: codingMode is a required property`);
  return { sampleRate: aac.SampleRate, codingMode: aac.CodingMode, bitrate: aac.Bitrate ?? 96_000 };
}

/** Checks the sound of one output; undefined when it has none. Throws `BadRequestException`. */
export function planAudio(output: Output, path: string): PlannedAudio | undefined {
  const [description, second] = output.AudioDescriptions ?? [];
  if (!description) return undefined;
  if (second) throw badRequest(`${path}/audioDescriptions: one audio description per output is implemented locally`);
  const { sampleRate, codingMode, bitrate } = aacOf(
    description.CodecSettings,
    `${path}/audioDescriptions/0/codecSettings`,
  );
  return {
    selector: description.AudioSourceName ?? "Audio Selector 1",
    bitrate,
    sampleRate,
    channels: codingMode === "CODING_MODE_1_0" ? 1 : 2,
    language: description.LanguageCode ?? description.CustomLanguageCode,
    name: description.StreamName,
  };
}
