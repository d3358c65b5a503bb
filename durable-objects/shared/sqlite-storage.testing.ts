import { DatabaseSync } from "node:sqlite";

/** An object's storage on Node's SQLite, as far as the pieces in this folder use it: for tests outside workerd. */
export function makeSqliteStorage() {
  const db = new DatabaseSync(":memory:");
  let alarm: number | null = null;
  const exec = (text: string, ...bindings: (string | number | null)[]) => {
    const rows = db.prepare(text).all(...bindings);
    return {
      toArray: () => rows,
      one: () => {
        if (rows.length !== 1) throw new Error(`expected exactly one row, got ${rows.length}`);
        return rows[0];
      },
    };
  };
  const storage = {
    sql: { exec },
    transactionSync: <T>(work: () => T): T => {
      db.exec("begin");
      try {
        const result = work();
        db.exec("commit");
        return result;
      } catch (error) {
        db.exec("rollback");
        throw error;
      }
    },
    setAlarm: async (at: number | Date) => void (alarm = Number(at)),
    deleteAlarm: async () => void (alarm = null),
    getAlarm: async () => alarm,
  } as unknown as DurableObjectStorage;
  return { storage, armedFor: () => alarm };
}
