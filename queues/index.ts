import { AlreadyConsumed } from "#db/write-set.ts";
import { api } from "#worker/api.ts";
import { type House, systemVisit } from "#worker/compose.ts";
import { AppError, loggable } from "#worker/kernel/errors.ts";
import { log } from "#worker/log.ts";
import { jobs } from "./cron.ts";
import { envelopeSchema } from "./envelope.ts";
import { subscriptions } from "./subscriptions.ts";

/** Seconds before each next try; after the last the message becomes a dead letter (`max_retries` in `wrangler.toml`). */
const RETRY_DELAYS_S = [2, 10, 30, 120, 600];
export const DEAD_LETTER_QUEUE = /-dlq$/;

/** Handles a batch of the events queue, message by message, so that a bad one does not hold up the others. */
export async function consume(batch: MessageBatch<unknown>, house: House, ctx: ExecutionContext): Promise<void> {
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  if (DEAD_LETTER_QUEUE.test(batch.queue)) {
    for (const message of batch.messages) {
      const { id: messageId, body, attempts } = message;
      await api.admin.keepDeadLetter(systemVisit(house, "queue", waitUntil), {
        queue: batch.queue,
        messageId,
        body,
        attempts,
      });
      message.ack();
    }
    return;
  }
  for (const message of batch.messages) {
    try {
      await react(message.body, house, waitUntil);
      message.ack();
    } catch (error) {
      const code = AppError.is(error) ? error.code : "unexpected";
      log("error", "event.failed", { messageId: message.id, attempts: message.attempts, code, error: loggable(error) });
      message.retry({ delaySeconds: RETRY_DELAYS_S[Math.min(message.attempts, RETRY_DELAYS_S.length) - 1]! });
    }
  }
}

async function react(body: unknown, house: House, waitUntil: (work: Promise<unknown>) => void): Promise<void> {
  const { eventId, type, subjectId } = envelopeSchema.parse(body);
  for (const { consumer, react: run } of subscriptions[type] ?? []) {
    try {
      await run(systemVisit(house, consumer, waitUntil, { consumer, eventId }), subjectId);
    } catch (error) {
      if (!(error instanceof AlreadyConsumed)) throw error;
    }
  }
}

/** Runs the jobs of a cron expression, each on its own: one that fails does not stop the others, but the tick fails visibly. */
export async function tick(cron: string, house: House, ctx: ExecutionContext): Promise<void> {
  const failures: unknown[] = [];
  for (const { name, run } of jobs[cron] ?? []) {
    try {
      await run(systemVisit(house, `cron.${name}`, (work) => ctx.waitUntil(work)));
    } catch (error) {
      log("error", "job.failed", { job: name, error: loggable(error) });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `jobs of ${cron}`);
}
