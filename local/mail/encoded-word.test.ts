import { expect, it } from "vitest";
import { decodeEncodedWords } from "./encoded-word.ts";

it.each([
  ["=?utf-8?B?44Gy44KN44Gw?= <no-reply@hiroba.test>", "ひろば <no-reply@hiroba.test>"],
  ["=?UTF-8?Q?caf=C3=A9_=3F?=", "café ?"],
  ["=?utf-8?B?44Gy?= =?utf-8?B?44KN?=", "ひろ"],
  ["plain =?utf-8?X?zz?= text", "plain =?utf-8?X?zz?= text"],
  ["=?no-such-charset?B?44Gy?=", "=?no-such-charset?B?44Gy?="],
])("reads %s", (encoded, readable) => {
  expect(decodeEncodedWords(encoded)).toBe(readable);
});
