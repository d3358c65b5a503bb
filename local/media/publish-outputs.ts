import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDashManifest } from "./dash-manifest.ts";
import { writeMultivariantPlaylist } from "./hls-playlists.ts";
import { JobFailure } from "./job-failure.ts";
import type { PlannedGroup } from "./job-plan.ts";
import {
  type FinishedOutput,
  type PackagedOutput,
  packageOutput,
  PLAYLIST_CACHE,
  PLAYLIST_TYPE,
  type PublishContext,
  type Upload,
} from "./package-outputs.ts";

/** The object store as the transcoder needs it. */
export interface MediaFiles {
  head(bucket: string, key: string): Promise<{ size: number; contentType: string; file: string } | undefined>;
  put(
    bucket: string,
    key: string,
    source: { file: string },
    meta: { contentType: string; cacheControl?: string },
  ): Promise<unknown>;
}

/** One finished output group as events and GetJob report it. */
export interface FinishedGroup {
  type: PlannedGroup["type"];
  playlistFilePaths: string[];
  outputDetails: FinishedOutput[];
}

async function storeAll(files: MediaFiles, bucket: string, uploads: readonly Upload[]): Promise<void> {
  for (const { key, file, contentType, cacheControl } of uploads) {
    try {
      await files.put(bucket, key, { file }, { contentType, cacheControl });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new JobFailure(
        3404,
        `Unable to write to output file [s3://${bucket}/${key}]: [Failed to write data: ${reason}]`,
      );
    }
  }
}

/** Writes and stores the manifests of a group, which name everything else; their addresses in the order MediaConvert lists them. */
async function storeManifests(
  context: PublishContext,
  group: PlannedGroup,
  packaged: PackagedOutput[],
  files: MediaFiles,
): Promise<string[]> {
  const { bucket, key } = group.destination;
  const stem = join(context.folder, `g${context.groups.indexOf(group)}`);
  const stored: string[] = [];
  const store = async (extension: "mpd" | "m3u8", contentType: string, text: string): Promise<void> => {
    await writeFile(`${stem}.${extension}`, text);
    const upload = {
      key: `${key}.${extension}`,
      file: `${stem}.${extension}`,
      contentType,
      cacheControl: PLAYLIST_CACHE,
    };
    await storeAll(files, bucket, [upload]);
    stored.push(`s3://${bucket}/${upload.key}`);
  };
  if (group.writesDash)
    await store("mpd", "application/dash+xml", writeDashManifest(packaged.flatMap((output) => output.dash ?? [])));
  if (group.writesHls) {
    const uploads = packaged.flatMap((output) => output.playlists);
    await storeAll(files, bucket, uploads);
    const videos = packaged.flatMap((output) => output.video ?? []);
    const audios = packaged.flatMap((output) => output.audio ?? []);
    await store("m3u8", PLAYLIST_TYPE, writeMultivariantPlaylist(videos, audios));
  }
  return stored;
}

/**
 * Stores everything an encoder run produced. Media first and playlists last, the multivariant playlist at the very end, so that whoever can
 * read a playlist can also read what it names. Media never change and say so; playlists may be replaced by a later job.
 */
export async function publishOutputs(context: PublishContext, files: MediaFiles): Promise<FinishedGroup[]> {
  const finishedGroups: FinishedGroup[] = [];
  for (const group of context.groups) {
    const outputs = context.plan.outputs.filter((output) => output.group === group);
    if (outputs.length === 0) continue;
    const packaged: PackagedOutput[] = [];
    for (const output of outputs) packaged.push(await packageOutput(context, output));
    const media = packaged.flatMap((output) => output.media);
    await storeAll(files, group.destination.bucket, media);
    const playlistFilePaths = await storeManifests(context, group, packaged, files);
    finishedGroups.push({
      type: group.type,
      playlistFilePaths,
      outputDetails: packaged.map((output) => output.finished),
    });
  }
  return finishedGroups;
}
