type MigrationStorage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/** The list of migrations no longer begins with what this object has already applied. */
export class MigrationHistoryEdited extends Error {
  override readonly name = "MigrationHistoryEdited";
}

/**
 * Brings an object's SQLite database to the end of an append-only list of SQL texts, each in a transaction of its own with its entry in the
 * history. Asking again applies nothing. Throws {@link MigrationHistoryEdited} when an applied text was changed, moved or removed, because
 * objects that slept through the edit would never have the same tables as new ones. Call it inside `blockConcurrencyWhile`.
 */
export function migrate(storage: MigrationStorage, migrations: readonly string[]): void {
  storage.sql.exec("create table if not exists migrations (position integer primary key, text text not null)");
  const applied = storage.sql
    .exec<{ text: string }>("select text from migrations order by position")
    .toArray()
    .map((row) => row.text);
  const edited = applied.findIndex((text, position) => text !== migrations[position]);
  if (edited >= 0) throw new MigrationHistoryEdited(`migration ${edited} differs from the one that was applied`);
  for (const [position, text] of migrations.entries()) {
    if (position < applied.length) continue;
    storage.transactionSync(() => {
      storage.sql.exec(text);
      storage.sql.exec("insert into migrations (position, text) values (?, ?)", position, text);
    });
  }
}
