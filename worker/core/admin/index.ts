export { adminErrors } from "./errors.ts";
export { keepDeadLetter } from "./keep-dead-letter.ts";
export { listDeadLetters } from "./list-dead-letters.ts";
export type { DeadLetter } from "./operations.store.ts";
export { deadLetterRef, replayDeadLetter } from "./replay-dead-letter.ts";
export { routes } from "./routes.ts";
export { sweepOutbox } from "./sweep-outbox.ts";
