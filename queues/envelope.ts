import * as z from "zod";

/** A message of the events queue. Anything else is poison and goes to the dead letters. */
export const envelopeSchema = z.object({
  v: z.literal(1),
  eventId: z.string().max(64),
  type: z.string().max(100),
  subjectId: z.string().max(64),
});
export type Envelope = z.output<typeof envelopeSchema>;
