import type { Connection, DatabaseError, FieldDef, PoolClient } from "pg";

/** One statement of a request. Parameters travel as text; PostgreSQL infers their types. */
export interface Statement {
  query: string;
  params: (string | null)[];
}

/** What one statement gave, every value in PostgreSQL's own text form. */
export interface StatementResult {
  fields: FieldDef[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
}

/**
 * Sends all statements in one go and waits once (the extended query protocol with a single Sync, see
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING). The first error makes the server
 * skip the rest; it rejects the promise as pg's DatabaseError.
 */
export function runPipeline(client: PoolClient, statements: readonly Statement[]): Promise<StatementResult[]> {
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(statements, resolve, reject));
  });
}

/** The receiver that `pg` calls for each message of the server; the method names are pg's. */
class Pipeline {
  readonly #statements: readonly Statement[];
  readonly #resolve: (results: StatementResult[]) => void;
  readonly #reject: (error: Error) => void;
  readonly #results: StatementResult[] = [];
  #current: StatementResult = emptyResult();

  constructor(
    statements: readonly Statement[],
    resolve: (results: StatementResult[]) => void,
    reject: (error: Error) => void,
  ) {
    this.#statements = statements;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    try {
      for (const { query, params } of this.#statements) {
        connection.parse({ name: "", text: query, types: [] }, true);
        connection.bind({ values: params }, true);
        connection.describe({ type: "P", name: "" }, true);
        connection.execute({ portal: "", rows: "" }, true);
      }
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription(message: { fields: FieldDef[] }): void {
    this.#current.fields = message.fields;
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    this.#current.rows.push(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    const [command = "", ...numbers] = message.text.split(" ");
    const count = numbers.at(-1);
    this.#current.command = command;
    this.#current.rowCount = count !== undefined && /^\d+$/.test(count) ? Number(count) : null;
    this.#finishStatement();
  }

  handleEmptyQuery(): void {
    this.#finishStatement();
  }

  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("COPY is not available over HTTP");
  }

  handleCopyData(): void {}

  handlePortalSuspended(): void {}

  handleError(error: DatabaseError | Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#results);
  }

  #finishStatement(): void {
    this.#results.push(this.#current);
    this.#current = emptyResult();
  }
}

function emptyResult(): StatementResult {
  return { fields: [], rows: [], command: "", rowCount: null };
}
