import type { IncomingMessage, ServerResponse } from "node:http";
import pg from "pg";
import { runPipeline, type Statement, type StatementResult } from "./pipeline.ts";

const MAX_BODY_BYTES = 64 * 1024 * 1024; // https://neon.com/docs/serverless/serverless-driver (request and response limit)
const POOL_SIZE = 24;

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
};

/** The fields of a PostgreSQL error that Neon's driver reads from the answer, besides `message`. */
const ERROR_FIELDS = [
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

type Answer = { status: number; body: unknown };

/** Neon's HTTP endpoint `POST /sql`: one statement, or several in one transaction. */
export class SqlDoor {
  readonly #isAllowed: (hostAndPort: string) => boolean;
  readonly #pools = new Map<string, pg.Pool>();

  constructor(isAllowed: (hostAndPort: string) => boolean) {
    this.#isAllowed = isAllowed;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#run(request).catch(failure);
    const text = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { "content-type": "application/json", "content-length": text.length }).end(text);
  }

  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.end()));
  }

  async #run(request: IncomingMessage): Promise<Answer> {
    const connectionString = request.headers["neon-connection-string"];
    if (typeof connectionString !== "string") return refusal(400, "Neon-Connection-String is missing");
    const pool = this.#poolFor(connectionString);
    if (pool === undefined) return refusal(403, "this database is not served here");
    const body = await readJson(request);
    const shape = shaper(
      request.headers["neon-array-mode"] === "true",
      request.headers["neon-raw-text-output"] === "true",
    );
    const batch = (body as { queries?: unknown }).queries;
    if (!Array.isArray(batch)) {
      const [result] = await withClient(pool, (client) => runPipeline(client, [statement(body)]));
      return result ? { status: 200, body: shape(result) } : refusal(400, "the statement gave no result");
    }
    const begin = { query: beginText(request.headers), params: [] };
    const statements = [begin, ...batch.map(statement), { query: "COMMIT", params: [] }];
    const results = await withClient(pool, (client) => transaction(client, statements));
    return { status: 200, body: { results: results.slice(1, -1).map(shape) } };
  }

  #poolFor(connectionString: string): pg.Pool | undefined {
    const known = this.#pools.get(connectionString);
    if (known !== undefined) return known;
    const url = URL.parse(connectionString);
    if (url === null || !this.#isAllowed(`${url.hostname}:${url.port || "5432"}`)) return undefined;
    const pool = new pg.Pool({ connectionString, max: POOL_SIZE, idleTimeoutMillis: 30_000 });
    pool.on("error", () => {}); // An idle connection that the server closed; the pool replaces it.
    this.#pools.set(connectionString, pool);
    return pool;
  }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = !(error instanceof pg.DatabaseError) || error.severity === "FATAL";
    throw error;
  } finally {
    client.release(broken);
  }
}

async function transaction(client: pg.PoolClient, statements: Statement[]): Promise<StatementResult[]> {
  try {
    return await runPipeline(client, statements);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.severity !== "FATAL") await client.query("ROLLBACK");
    throw error;
  }
}

function beginText(headers: IncomingMessage["headers"]): string {
  const isolation = headers["neon-batch-isolation-level"];
  const level = typeof isolation === "string" ? ISOLATION_LEVELS[isolation] : undefined;
  if (isolation !== undefined && level === undefined) throw new MalformedRequest("unknown isolation level");
  return [
    "BEGIN",
    level && `ISOLATION LEVEL ${level}`,
    headers["neon-batch-read-only"] === "true" && "READ ONLY",
    headers["neon-batch-deferrable"] === "true" && "DEFERRABLE",
  ]
    .filter(Boolean)
    .join(" ");
}

function statement(value: unknown): Statement {
  const { query, params } = (value ?? {}) as { query?: unknown; params?: unknown };
  if (typeof query !== "string") throw new MalformedRequest("query must be a string");
  if (params !== undefined && !Array.isArray(params)) throw new MalformedRequest("params must be an array");
  return { query, params: (params ?? []).map(parameterText) };
}

function parameterText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return arrayText(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** PostgreSQL's array literal: https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO */
function arrayText(values: unknown[]): string {
  const items = values.map((value) => {
    if (Array.isArray(value)) return arrayText(value);
    const text = parameterText(value);
    return text === null ? "NULL" : `"${text.replace(/[\\"]/g, "\\$&")}"`;
  });
  return `{${items.join(",")}}`;
}

function shaper(asArray: boolean, asText: boolean) {
  return (result: StatementResult) => {
    const names = result.fields.map((field) => field.name);
    const parsers = asText ? undefined : result.fields.map((field) => pg.types.getTypeParser(field.dataTypeID, "text"));
    const values = parsers
      ? result.rows.map((row) => row.map((text, i) => (text === null ? null : parsers[i]?.(text))))
      : result.rows;
    return {
      command: result.command,
      rowCount: result.rowCount,
      rowAsArray: asArray,
      fields: result.fields,
      rows: asArray ? values : values.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value]))),
    };
  };
}

class MalformedRequest extends Error {}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new MalformedRequest("request is too large (max is 64 MiB)");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch {
    throw new MalformedRequest("the body is not JSON");
  }
}

function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}

/** Like Neon: an error of the database or of the request is a 400 that says what PostgreSQL said; all else is a 500. */
function failure(error: unknown): Answer {
  if (error instanceof MalformedRequest) return refusal(400, error.message);
  if (!(error instanceof pg.DatabaseError)) return refusal(500, error instanceof Error ? error.message : "failed");
  const details = Object.fromEntries(ERROR_FIELDS.map((name) => [name, error[name]]));
  return { status: 400, body: { message: error.message, ...details } };
}
