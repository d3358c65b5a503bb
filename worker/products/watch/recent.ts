/**
 * A bounded memory of this isolate: what was used least recently goes first. It keeps values, never promises: a promise belongs to the request
 * that made it and may never settle once that request is gone.
 */
export function makeRecent<V>(entriesMax: number): (key: string, make: () => Promise<V>) => Promise<V> {
  const entries = new Map<string, V>();
  return async (key, make) => {
    const value = entries.has(key) ? (entries.get(key) as V) : await make();
    entries.delete(key);
    entries.set(key, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax) break;
      entries.delete(oldest);
    }
    return value;
  };
}
