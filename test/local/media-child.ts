import { join } from "node:path";
import { CreateJobCommand, type CreateJobCommandInput } from "@aws-sdk/client-mediaconvert";
import { findMediaTools } from "#local/media/ffmpeg.ts";
import { MediaConvert } from "#local/media/media-convert.ts";
import { FolderFiles, frontFor, mediaConvertClient, RecordingEvents } from "./media-room.ts";

/** A process of its own that starts one job, says its id when the encoder is about to run, and waits to be killed. */
const [dataDir, request] = process.argv.slice(2) as [string, string];
const events = new RecordingEvents();
const files = new FolderFiles(join(dataDir, "objects"));
const service = new MediaConvert({ dataDir, files, tools: findMediaTools(), events });
await service.start();
const front = await frontFor(service);
const created = await mediaConvertClient(front.url).send(
  new CreateJobCommand(JSON.parse(request) as CreateJobCommandInput),
);
await events.next("INPUT_INFORMATION");
process.stdout.write(`${created.Job!.Id}\n`);
