const HEAD_END = Buffer.from("\r\n\r\n");
const latin1 = new TextDecoder("latin1");
const LINE_END = Buffer.from("\r\n");

/**
 * How many bytes the first HTTP/1.1 response in `bytes` takes (RFC 9112 §6–7: `Content-Length` or chunked, no trailers);
 * 0 while it is not complete yet.
 * @throws Error when the end of the body is not announced
 */
export function responseLength(bytes: Buffer): number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const bodyStart = headEnd + HEAD_END.length;
  const head = latin1.decode(bytes.subarray(0, headEnd)).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const end = bodyStart + Number(length);
    return bytes.length >= end ? end : 0;
  }
  if (/\r\ntransfer-encoding: *chunked/.test(head)) return chunkedEnd(bytes, bodyStart);
  throw new Error(`A response without an announced end: ${head.slice(0, 200)}`);
}

/** The status code of a response of which at least the first line has come. */
export function statusOf(bytes: Buffer): number {
  return Number(latin1.decode(bytes.subarray(9, 12)));
}

function chunkedEnd(bytes: Buffer, bodyStart: number): number {
  let at = bodyStart;
  for (;;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd < 0) return 0;
    const size = Number.parseInt(latin1.decode(bytes.subarray(at, lineEnd)), 16);
    at = lineEnd + LINE_END.length + size + LINE_END.length;
    if (at > bytes.length) return 0;
    if (size === 0) return at;
  }
}
