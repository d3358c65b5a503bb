/** Thrown when a stream ends before what was promised came. */
export class UnexpectedEnd extends Error {
  constructor() {
    super("the stream ended early");
    this.name = "UnexpectedEnd";
  }
}

const CRLF = Buffer.from("\r\n");

/** Reads a byte stream by lines, counts and delimiters without ever holding more than one piece of it. */
export class ByteReader {
  private readonly iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private held: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next line without its CRLF, as Latin-1. Throws RangeError beyond `bytesMax`. */
  async line(bytesMax: number): Promise<string> {
    for (;;) {
      const at = indexOfBytes(this.held, CRLF);
      if (at > bytesMax || (at < 0 && this.held.length > bytesMax)) throw new RangeError("line too long");
      if (at >= 0) return latin1(this.cut(at + 2).subarray(0, at));
      await this.more();
    }
  }

  /** Exactly `count` bytes, in pieces. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.held.length === 0) await this.more();
      const piece = this.cut(Math.min(left, this.held.length));
      left -= piece.length;
      yield piece;
    }
  }

  /** Everything before a delimiter, in pieces; the delimiter itself is read and dropped. */
  async *until(delimiter: Uint8Array): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = indexOfBytes(this.held, delimiter);
      if (at >= 0) {
        const last = this.cut(at);
        this.cut(delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      const certain = this.held.length - delimiter.length + 1;
      if (certain > 0) yield this.cut(certain);
      await this.more();
    }
  }

  /** Lets go of the source: without this an unread request body could not be drained. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }

  private cut(length: number): Uint8Array {
    const piece = this.held.subarray(0, length);
    this.held = this.held.subarray(length);
    return piece;
  }

  private async more(): Promise<void> {
    const next = await this.iterator.next();
    if (next.done === true) throw new UnexpectedEnd();
    this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(wanted);
}
