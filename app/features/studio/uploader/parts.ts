/** How a file is cut: every part has `partBytes` but the last, which has the rest. Parts count from 1 (S3 multipart upload). */
export type Cut = { sizeBytes: number; partBytes: number; partCount: number };
export type ReceivedPart = { partNumber: number; size: number };

/** The bytes `[start, end)` of a part. */
export function rangeOf(cut: Cut, partNumber: number): { start: number; end: number } {
  const start = (partNumber - 1) * cut.partBytes;
  return { start, end: Math.min(start + cut.partBytes, cut.sizeBytes) };
}

/** The parts still to send, in order. A part that arrived with another size than its own counts as missing. */
export function missingParts(cut: Cut, received: readonly ReceivedPart[]): number[] {
  const sizes = new Map(received.map(({ partNumber, size }) => [partNumber, size]));
  const missing: number[] = [];
  for (let partNumber = 1; partNumber <= cut.partCount; partNumber++) {
    const { start, end } = rangeOf(cut, partNumber);
    if (sizes.get(partNumber) !== end - start) missing.push(partNumber);
  }
  return missing;
}

/** Bytes that stand: the sum of the parts that arrived whole. */
export function receivedBytes(cut: Cut, received: readonly ReceivedPart[]): number {
  const missing = new Set(missingParts(cut, received));
  let sum = 0;
  for (const partNumber of new Set(received.map((part) => part.partNumber))) {
    if (missing.has(partNumber) || partNumber < 1 || partNumber > cut.partCount) continue;
    const { start, end } = rangeOf(cut, partNumber);
    sum += end - start;
  }
  return sum;
}

/** The browser's mark of a file: choosing the same file again finds the upload that it belongs to. */
export function fingerprintOf(file: { name: string; size: number; lastModified: number }): string {
  return `${file.name.slice(0, 300)}|${file.size}|${file.lastModified}`;
}
