import { beforeEach, expect, it } from "vitest";
import { alarmAt, ALARMS_TABLE, type AlarmHandlers, makeAlarms } from "./alarms.ts";
import { migrate } from "./migrate.ts";
import { makeSqliteStorage } from "./sqlite-storage.testing.ts";

const START = 1_700_000_000_000;
const at = (seconds: number) => new Date(START + seconds * 1000);
const ALWAYS = { overwrite: "always" } as const;
const IF_SOONER = { overwrite: "if-sooner" } as const;

let now: Date;
let room: ReturnType<typeof makeSqliteStorage>;
beforeEach(() => {
  now = at(0);
  room = makeSqliteStorage();
  migrate(room.storage, [ALARMS_TABLE]);
});
const alarmsOf = <H extends AlarmHandlers>(handlers: H, failed?: (name: string) => void) =>
  makeAlarms(room.storage, handlers, { clock: () => now, ...(failed ? { failed } : {}) });

it("keeps the one alarm on the soonest of the named ones", async () => {
  const alarms = alarmsOf({ sweep: () => {}, remind: () => {} });
  await alarms.set("sweep", at(60), ALWAYS);
  expect(room.armedFor()).toBe(at(60).getTime());
  await alarms.set("remind", at(30), ALWAYS);
  expect(room.armedFor()).toBe(at(30).getTime());
  await alarms.cancel("remind");
  expect(room.armedFor()).toBe(at(60).getTime());
  await alarms.cancel("sweep");
  expect(room.armedFor()).toBeNull();
});

it("moves an alarm that is set: always, or only when sooner", async () => {
  const alarms = alarmsOf({ sweep: () => {} });
  await alarms.set("sweep", at(60), IF_SOONER);
  await alarms.set("sweep", at(90), IF_SOONER);
  expect(alarmAt(room.storage, "sweep")).toEqual(at(60));
  await alarms.set("sweep", at(20), IF_SOONER);
  expect(alarmAt(room.storage, "sweep")).toEqual(at(20));
  await alarms.set("sweep", at(90), ALWAYS);
  expect(alarmAt(room.storage, "sweep")).toEqual(at(90));
  expect(room.armedFor()).toBe(at(90).getTime());
});

it("runs what is due, in order, and re-arms for the rest", async () => {
  const ran: string[] = [];
  const alarms = alarmsOf({ a: () => void ran.push("a"), b: () => void ran.push("b"), c: () => void ran.push("c") });
  await alarms.set("b", at(1), ALWAYS);
  await alarms.set("a", at(2), ALWAYS);
  await alarms.set("c", at(50), ALWAYS);
  now = at(2);
  await alarms.run();
  expect(ran).toEqual(["b", "a"]);
  expect(room.armedFor()).toBe(at(50).getTime());
  await alarms.run();
  expect(ran).toEqual(["b", "a"]);
});

it("keeps what a handler sets anew, even for the same instant", async () => {
  let runs = 0;
  const alarms = alarmsOf({
    tick: async (): Promise<void> => {
      runs++;
      if (runs === 1) await alarms.set("tick", at(5), ALWAYS);
    },
  });
  await alarms.set("tick", at(5), ALWAYS);
  now = at(5);
  await alarms.run();
  expect(alarmAt(room.storage, "tick")).toEqual(at(5));
  await alarms.run();
  expect(alarmAt(room.storage, "tick")).toBeNull();
  expect(runs).toBe(2);
});

it("tries a failing one again later and later, and does not let it hold up the others", async () => {
  const failed: string[] = [];
  const ran: string[] = [];
  const alarms = alarmsOf(
    {
      bad: () => {
        throw new Error("no");
      },
      good: () => void ran.push("good"),
    },
    (name) => void failed.push(name),
  );
  await alarms.set("bad", at(0), ALWAYS);
  await alarms.set("good", at(0), ALWAYS);
  await alarms.run();
  expect(ran).toEqual(["good"]);
  expect(alarmAt(room.storage, "bad")).toEqual(at(2));
  now = at(2);
  await alarms.run();
  expect(alarmAt(room.storage, "bad")).toEqual(at(6));
  expect(room.armedFor()).toBe(at(6).getTime());
  expect(failed).toEqual(["bad", "bad"]);
});

it("runs again what an isolate left undone when it died", async () => {
  const alarms = alarmsOf({ slow: () => new Promise<void>(() => {}) });
  await alarms.set("slow", at(0), ALWAYS);
  void alarms.run();
  const ran: string[] = [];
  await alarmsOf({ slow: () => void ran.push("slow") }).run();
  expect(ran).toEqual(["slow"]);
  expect(alarmAt(room.storage, "slow")).toBeNull();
});
