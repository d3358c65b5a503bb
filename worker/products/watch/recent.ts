/** A bounded memory of this isolate: what was used least recently goes first. A failed answer is not kept. */
export function makeRecent<V>(entriesMax: number): (key: string, make: () => Promise<V>) => Promise<V> {
  const entries = new Map<string, Promise<V>>();
  return (key, make) => {
    const kept = entries.get(key) ?? make();
    entries.delete(key);
    entries.set(key, kept);
    kept.catch(() => entries.get(key) === kept && entries.delete(key));
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax) break;
      entries.delete(oldest);
    }
    return kept;
  };
}
