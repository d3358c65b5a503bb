/** Hashes and checks passwords. Slow on purpose; one at a time per isolate. */
export interface Passwords {
  /** A PHC string that carries its parameters. */
  hash(password: string): Promise<string>;
  /** Also spends the time of a check when there is no hash, so that unknown accounts answer as slowly as known ones. */
  verify(password: string, phc: string | null): Promise<boolean>;
  /** Whether the parameters of a stored hash are behind today's. */
  isStale(phc: string): boolean;
}
