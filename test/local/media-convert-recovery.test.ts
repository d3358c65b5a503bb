import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CancelJobCommand, CreateJobCommand, GetJobCommand } from "@aws-sdk/client-mediaconvert";
import { describe, expect, it } from "vitest";
import { anAwsError, useMediaConvertRoom } from "./media-convert-room.ts";
import { aJob, audioOutput, cmafGroup, videoOutput } from "./media-jobs.ts";

const room = useMediaConvertRoom();

describe("stopping", () => {
  /** A service slow enough to be caught at work. */
  const slowDown = async () => {
    room.current.fast = false;
    await room.current.restart();
    room.current.fast = true;
  };
  const long = () =>
    aJob("s3://uploads/film.mp4", [
      cmafGroup("s3://media/v/master", [videoOutput("_720p", 1280, 720, 3_000_000), audioOutput()]),
    ]);

  it("cancels a running job: nothing is stored and no completion follows", async () => {
    await slowDown();
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const { Job } = await room.current.client.send(new CreateJobCommand(long()));
    await room.current.events.next("INPUT_INFORMATION");
    await room.current.client.send(new CancelJobCommand({ Id: Job!.Id! }));
    await room.current.service.idle();
    expect((await room.current.client.send(new GetJobCommand({ Id: Job!.Id! }))).Job!.Status).toBe("CANCELED");
    expect(room.current.events.statuses()).not.toContain("COMPLETE");
    expect(room.current.files.puts).toEqual([]);
    await expect(room.current.client.send(new CancelJobCommand({ Id: Job!.Id! }))).rejects.toEqual(
      anAwsError("ConflictException", 409),
    );
  });

  it("runs a job again from the start after its process was killed", async () => {
    await room.current.service.stop();
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "media-child.ts"), room.current.path, JSON.stringify(long())],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [started] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    expect((await ended)[1]).toBe("SIGKILL");
    expect(room.current.files.puts).toEqual([]);

    await room.current.restart();
    await room.current.service.idle();
    expect(room.current.service.jobs()[0]).toMatchObject({ Id: started.trim(), Status: "COMPLETE" });
    expect(room.current.events.statuses().at(-1)).toBe("COMPLETE");
  });

  it("keeps an event the bus could not take and hands it over after the next start", async () => {
    const publish = room.current.events.publish.bind(room.current.events);
    room.current.events.publish = () => Promise.reject(new Error("disk full"));
    await room.current.finish(long());
    expect(room.current.events.events).toEqual([]);
    room.current.events.publish = publish;
    await room.current.restart();
    expect(room.current.events.statuses().filter((status) => status !== "STATUS_UPDATE")).toEqual([
      "PROGRESSING",
      "ERROR",
    ]);
  });

  it("runs a job again that was being worked on when the service stopped, and clears what was left", async () => {
    await slowDown();
    await room.current.files.write("uploads", "film.mp4", await room.clip("film.mp4"));
    const { Job } = await room.current.client.send(new CreateJobCommand(long()));
    await room.current.events.next("INPUT_INFORMATION");
    await room.current.service.stop();
    const file = join(room.current.path, "media-convert", "jobs", `${Job!.Id}.json`);
    const left = JSON.parse(await readFile(file, "utf8")) as { job: { status: string } };
    expect(left.job.status).toBe("PROGRESSING");
    const litter = join(room.current.path, "media-convert", "work", "litter.cmfv");
    await writeFile(litter, "half a segment");

    await room.current.restart();
    await room.current.service.idle();
    expect(room.current.service.jobs()[0]).toMatchObject({ Id: Job!.Id, Status: "COMPLETE" });
    expect(await readdir(join(room.current.path, "media-convert", "work"))).toEqual([]);
    expect(await room.current.files.text("media", "v/master.m3u8")).toContain("master_720p.m3u8");
  });
});
