import { expect, it } from "vitest";
import { makeSealer } from "./sealer.ts";

const sealer = makeSealer("a secret of thirty-two characters.", { awsEvents: "the key of the events" });

it("knows a provider's key from anything else", async () => {
  expect(await sealer.isKeyOf("awsEvents", "the key of the events")).toBe(true);
  for (const wrong of ["", "the key of the event", "the key of the events ", "THE KEY OF THE EVENTS"])
    expect(await sealer.isKeyOf("awsEvents", wrong)).toBe(false);
});

it("seals for one purpose only", async () => {
  const mac = await sealer.mac("csrf", "text");
  expect(await sealer.matches("csrf", "text", mac)).toBe(true);
  expect(await sealer.matches("grant", "text", mac)).toBe(false);
  expect(await sealer.matches("csrf", "other", mac)).toBe(false);
  expect(await sealer.matches("csrf", "text", "no base64 ★")).toBe(false);
});
