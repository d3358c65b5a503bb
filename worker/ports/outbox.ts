/** Wakes the consumers of events that a committed write-set announced. Losing a wake-up is harmless: the sweep finds the row. */
export interface Outbox {
  /** Hands envelopes to the queue, at most 100 at a time. */
  send(envelopes: readonly EventEnvelope[]): Promise<void>;
}

/** What travels on the queue: ids only, never personal data. */
export type EventEnvelope = { v: 1; eventId: string; type: string; subjectId: string };
