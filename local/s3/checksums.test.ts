import { expect, test } from "vitest";
import { base64, checksumOf, startChecksum, CHECKSUM_ALGORITHMS } from "./checksums.ts";

const CHECK_INPUT = Buffer.from("123456789");

test("gives the published check values of the CRC catalogue", () => {
  expect(Buffer.from(checksumOf("crc32", CHECK_INPUT), "base64").toString("hex")).toBe("cbf43926");
  expect(Buffer.from(checksumOf("crc32c", CHECK_INPUT), "base64").toString("hex")).toBe("e3069283");
  expect(Buffer.from(checksumOf("crc64nvme", CHECK_INPUT), "base64").toString("hex")).toBe("ae8b14860a799888");
});

test("does not depend on how the bytes were cut", () => {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const running = startChecksum(algorithm);
    running.update(CHECK_INPUT.subarray(0, 4));
    running.update(CHECK_INPUT.subarray(4));
    expect(base64(running.digest())).toBe(checksumOf(algorithm, CHECK_INPUT));
  }
});
