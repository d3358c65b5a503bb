import { expect, it } from "vitest";
import { migrate, MigrationHistoryEdited } from "./migrate.ts";
import { makeSqliteStorage } from "./sqlite-storage.testing.ts";

const FIRST = "create table seats (id integer primary key)";
const SECOND = "alter table seats add column row text";

it("applies each migration once, and later ones on top", () => {
  const { storage } = makeSqliteStorage();
  migrate(storage, [FIRST]);
  migrate(storage, [FIRST]);
  migrate(storage, [FIRST, SECOND]);
  storage.sql.exec("insert into seats (id, row) values (1, 'A')");
  expect(storage.sql.exec("select row from seats").toArray()).toMatchObject([{ row: "A" }]);
});

it.each([
  ["changed", [`${FIRST} strict`, SECOND]],
  ["moved", [SECOND, FIRST]],
  ["removed", [FIRST]],
])("refuses a history that was %s", (_what, migrations) => {
  const { storage } = makeSqliteStorage();
  migrate(storage, [FIRST, SECOND]);
  expect(() => migrate(storage, migrations)).toThrow(MigrationHistoryEdited);
});

it("leaves nothing of a migration that fails, and goes on from there", () => {
  const { storage } = makeSqliteStorage();
  expect(() => migrate(storage, [FIRST, "create table broken ("])).toThrow();
  migrate(storage, [FIRST, SECOND]);
  expect(storage.sql.exec("select count(*) as n from migrations").one()).toMatchObject({ n: 2 });
});
