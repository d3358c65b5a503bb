import { neon, neonConfig, NeonDbError, Pool } from "@neondatabase/serverless";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startTestRoom, type TestRoom } from "../support/rooms.ts";

let room: TestRoom;
let sql: ReturnType<typeof neon<false, false>>;

beforeAll(async () => {
  room = await startTestRoom();
  const host = new URL(room.neonUrl).host;
  neonConfig.fetchEndpoint = `${room.neonUrl}/sql`;
  neonConfig.wsProxy = (name, port) => `${host}/v2?address=${name}:${port}`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.pipelineTLS = false;
  neonConfig.pipelineConnect = "password";
  neonConfig.webSocketConstructor = WebSocket;
  sql = neon(room.databaseUrl);
  await sql`create table purse (id int primary key, coins bigint not null check (coins >= 0), note text)`;
});

afterAll(() => room.stop());

beforeEach(async () => {
  await sql`delete from purse`;
});

test("a single statement carries parameters and typed values", async () => {
  const rows = await sql`select ${"日本語"} || '!' as word, ${7}::int as n, null as nothing, ${[1, 2]}::int[] as list,
    ${new Date("2026-01-02T03:04:05.678Z")}::timestamptz as at, ${Buffer.from([0, 255])}::bytea as bytes`;
  expect(rows).toEqual([
    {
      word: "日本語!",
      n: 7,
      nothing: null,
      list: [1, 2],
      at: new Date("2026-01-02T03:04:05.678Z"),
      bytes: Buffer.from([0, 255]),
    },
  ]);
});

test("a full result names its command, count and fields", async () => {
  const result = await sql.query("insert into purse values (1, 5), (2, 6) returning id, coins", [], {
    fullResults: true,
    arrayMode: true,
  });
  expect(result).toMatchObject({
    command: "INSERT",
    rowCount: 2,
    rows: [
      [1, "5"],
      [2, "6"],
    ],
  });
  expect(result.fields.map((field) => [field.name, field.dataTypeID])).toEqual([
    ["id", 23],
    ["coins", 20],
  ]);
});

test("a batch commits as one", async () => {
  const [, , counted] = await sql.transaction([
    sql`insert into purse values (1, 10)`,
    sql`insert into purse values (2, 20)`,
    sql`select count(*)::int as n from purse`,
  ]);
  expect(counted).toEqual([{ n: 2 }]);
  expect(await sql`select id from purse order by id`).toEqual([{ id: 1 }, { id: 2 }]);
});

test("a batch that fails leaves nothing behind and the connection usable", async () => {
  const batch = sql.transaction([sql`insert into purse values (1, 10)`, sql`insert into purse values (1, 11)`]);
  await expect(batch).rejects.toMatchObject({ code: "23505", constraint: "purse_pkey" });
  expect(await sql`select id from purse`).toEqual([]);
});

test("a constraint that is checked at commit refuses the whole batch", async () => {
  await sql`create table ticket (purse int references purse deferrable initially deferred)`;
  await expect(sql.transaction([sql`insert into ticket values (404)`])).rejects.toMatchObject({ code: "23503" });
  expect(await sql`select * from ticket`).toEqual([]);
});

test("isolation level and read-only mode of a batch reach the database", async () => {
  const options = { isolationLevel: "RepeatableRead", readOnly: true, deferrable: true } as const;
  const [level] = await sql.transaction([sql`select current_setting('transaction_isolation') as level`], options);
  expect(level).toEqual([{ level: "repeatable read" }]);
  await expect(sql.transaction([sql`insert into purse values (1, 1)`], options)).rejects.toMatchObject({
    code: "25006",
  });
});

test("an error says all that PostgreSQL said", async () => {
  await sql.query(`create or replace function refuse() returns void language plpgsql as
    $$ begin raise exception 'no seat' using errcode = 'HB001', detail = 'lesson 7', hint = 'wait'; end $$`);
  const error = await sql`select refuse()`.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NeonDbError);
  expect(error).toMatchObject({
    message: "no seat",
    severity: "ERROR",
    code: "HB001",
    detail: "lesson 7",
    hint: "wait",
    where: expect.stringContaining("PL/pgSQL function refuse()"),
    routine: "exec_stmt_raise",
  });
  await expect(sql`insert into purse values (1, -1)`).rejects.toMatchObject({
    code: "23514",
    schema: "public",
    table: "purse",
    constraint: "purse_coins_check",
  });
  await expect(sql`select nonsense`).rejects.toMatchObject({ code: "42703", position: "8" });
});

test("a wrong password is a database error, not a broken door", async () => {
  const wrong = new URL(room.databaseUrl);
  wrong.password = "guess";
  await expect(neon(wrong.href)`select 1`).rejects.toMatchObject({ code: "28P01" });
});

test("only its own database server is reachable", async () => {
  const other = new URL(room.databaseUrl);
  other.port = "1";
  await expect(neon(other.href)`select 1`).rejects.toThrow("HTTP status 403");
  const refused = new WebSocket(`${room.neonUrl.replace("http", "ws")}/v2?address=127.0.0.1:1`);
  await expect(opening(refused)).rejects.toThrow("403");
});

test("a web page cannot open a session", async () => {
  const address = new URL(room.databaseUrl).host;
  const page = new WebSocket(`${room.neonUrl.replace("http", "ws")}/v2?address=${address}`, {
    origin: "http://evil.example",
  });
  await expect(opening(page)).rejects.toThrow("403");
});

test("a session holds a row lock until it commits, and large answers arrive whole", async () => {
  const pool = new Pool({ connectionString: room.databaseUrl, max: 2 });
  pool.on("error", () => {});
  try {
    await pool.query("insert into purse values (1, 100)");
    const withdrawals = await Promise.allSettled([1, 2, 3, 4, 5].map(() => withdraw(pool, 30)));
    expect(withdrawals.filter((one) => one.status === "fulfilled")).toHaveLength(3);
    expect((await pool.query("select coins from purse")).rows).toEqual([{ coins: "10" }]);
    const large = await pool.query<{ text: string }>("select repeat('あ', 2000000) as text");
    expect(large.rows[0]?.text).toHaveLength(2_000_000);
  } finally {
    await pool.end();
  }
});

async function withdraw(pool: Pool, coins: number): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ coins: string }>("select coins from purse where id = 1 for update");
    if (Number(rows[0]?.coins) < coins) throw new Error("not enough");
    await client.query("update purse set coins = coins - $1 where id = 1", [coins]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

function opening(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
}
