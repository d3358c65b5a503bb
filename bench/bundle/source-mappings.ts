const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** A place in a generated file and the source that it came from. */
export interface Mapping {
  /** From 0. */
  line: number;
  /** From 0, in UTF-16 units. */
  column: number;
  sourceIndex: number;
}

/** Reads the `mappings` of a source map (ECMA-426 §9.2), leaving out places without a source. */
export function decodeMappings(mappings: string): Mapping[] {
  let sourceIndex = 0;
  return mappings.split(";").flatMap((segments, line) => {
    let column = 0;
    return segments.split(",").flatMap((segment): Mapping[] => {
      const [columnDelta, sourceDelta] = decodeNumbers(segment);
      column += columnDelta ?? 0;
      if (sourceDelta === undefined) return [];
      sourceIndex += sourceDelta;
      return [{ line, column, sourceIndex }];
    });
  });
}

/** Base 64 VLQ: five bits a digit, least significant first, the sign in the lowest bit. */
function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
