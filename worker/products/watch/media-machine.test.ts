import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyStatus, askAgain, failAttempt, isOpen, type JobCourse, type Report, TRIES } from "./media-machine.ts";

const submitted = (remoteId: string, attempt = 1): JobCourse => ({ state: "submitted", attempt, remoteId, percent: 0 });
const after = (job: JobCourse, reports: readonly Report[]) =>
  reports.reduce((state, report) => applyStatus(state, report).job, job);

/** Everything that a service might ever say about one remote job: any progress, and at most one end. */
const courseOf = (remoteId: string) =>
  fc
    .record({
      progress: fc.array(fc.nat(100), { maxLength: 6 }),
      end: fc.constantFrom("complete", "error", "canceled", "none"),
    })
    .map(({ progress, end }): Report[] => [
      { remoteId, status: { state: "submitted", percent: 0 } },
      ...progress.map((percent): Report => ({ remoteId, status: { state: "progressing", percent } })),
      ...(end === "complete"
        ? [{ remoteId, status: { state: "complete", percent: 100, durationMs: null } } as const]
        : end === "error"
          ? [{ remoteId, status: { state: "error", errorCode: 1040, message: "" } } as const]
          : end === "canceled"
            ? [{ remoteId, status: { state: "canceled" } } as const]
            : []),
    ]);

/** A list with some of its elements again, shuffled. */
const disorder = <T>(all: readonly T[]) =>
  fc.tuple(fc.subarray([...all]), fc.subarray([...all])).chain(([again, more]) => {
    const whole = [...all, ...again, ...more];
    return fc.shuffledSubarray(whole, { minLength: whole.length });
  });

describe("a conversion's course", () => {
  it("is the same whatever the order and number of the reports about it", () => {
    const cases = courseOf("r1").chain((reports) =>
      fc.record({ reports: fc.constant(reports), mixed: disorder(reports) }),
    );
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 9 }), ({ reports, mixed }, attempt) => {
        expect(after(submitted("r1", attempt), mixed)).toEqual(after(submitted("r1", attempt), reports));
      }),
      { numRuns: 500 },
    );
  });

  it("is not touched by reports about an attempt given up, in whatever order they mix in", () => {
    const cases = fc
      .tuple(courseOf("old"), courseOf("new"))
      .chain(([old, fresh]) => fc.record({ fresh: fc.constant(fresh), mixed: disorder([...old, ...fresh]) }));
    fc.assert(
      fc.property(cases, ({ fresh, mixed }) => {
        expect(after(submitted("new", 2), mixed)).toEqual(after(submitted("new", 2), fresh));
      }),
      { numRuns: 500 },
    );
  });

  it("never goes back: neither state nor percent, and what is over stays over", () => {
    const ranks = ["queued", "submitted", "progressing", "complete"];
    fc.assert(
      fc.property(courseOf("r1").chain(disorder), (mixed) => {
        let job = submitted("r1");
        for (const report of mixed) {
          const { job: next } = applyStatus(job, report);
          if (!isOpen(job.state)) expect(next).toBe(job);
          if (next.attempt === job.attempt && isOpen(next.state)) {
            expect(next.percent).toBeGreaterThanOrEqual(job.percent);
            expect(ranks.indexOf(next.state)).toBeGreaterThanOrEqual(ranks.indexOf(job.state));
          }
          job = next;
        }
      }),
    );
  });

  it("takes a completion that overtakes all progress", () => {
    const complete: Report = { remoteId: "r1", status: { state: "complete", percent: 100, durationMs: 1 } };
    const late: Report = { remoteId: "r1", status: { state: "progressing", percent: 40 } };
    const first = applyStatus(submitted("r1"), complete);
    expect(first).toEqual({ job: { ...submitted("r1"), state: "complete", percent: 100 }, outcome: "complete" });
    expect(applyStatus(first.job, late)).toEqual({ job: first.job, outcome: "unchanged" });
    expect(applyStatus(first.job, complete).outcome).toBe("unchanged");
  });

  it("tries three times, then fails; each try has a number and a remote id of its own", () => {
    const error = (remoteId: string): Report => ({ remoteId, status: { state: "error", errorCode: 1, message: "" } });
    let job = submitted("r1");
    for (let attempt = 1; attempt < TRIES; attempt++) {
      const { job: next, outcome } = applyStatus(job, error(`r${attempt}`));
      expect(outcome).toBe("retry");
      expect(next).toEqual({ state: "queued", attempt: attempt + 1, remoteId: null, percent: 0 });
      job = { ...next, state: "submitted", remoteId: `r${attempt + 1}` };
    }
    expect(applyStatus(job, error("r3"))).toMatchObject({ outcome: "failed", job: { state: "failed", attempt: 3 } });
  });

  it("starts a full round of tries when somebody asks again, under numbers never used before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (attempt) => {
        const job = askAgain({ state: "failed", attempt, remoteId: "r", percent: 0 });
        expect(job).toMatchObject({ state: "queued", remoteId: null });
        expect(job.attempt).toBeGreaterThan(attempt);
        expect(failAttempt(job).outcome).toBe("retry");
        expect(failAttempt(failAttempt(failAttempt(job).job).job).outcome).toBe("failed");
      }),
    );
  });
});
