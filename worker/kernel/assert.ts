/** Stops the request, not the system, when something that can never be otherwise is otherwise. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

/** For the end of a switch over a closed union: the compiler proves that nothing arrives here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
