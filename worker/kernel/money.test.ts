import fc from "fast-check";
import { expect, it } from "vitest";
import { addMoney, money, splitMoney } from "./money.ts";

it("splits without losing or making a yen, each part within one of its fair share", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e9, max: 1e12 }),
      fc.array(fc.nat(10_000), { minLength: 1, maxLength: 20 }).filter((w) => w.some((x) => x > 0)),
      (amount, weights) => {
        const parts = splitMoney(money(amount, "JPY"), weights);
        expect(parts.reduce(addMoney, money(0, "JPY")).amount).toBe(amount);
        const sum = weights.reduce((a, b) => a + b, 0);
        parts.forEach((part, i) => expect(Math.abs(part.amount - (amount * weights[i]!) / sum)).toBeLessThan(1.001));
      },
    ),
  );
});

it("gives the leftover to the largest remainder, then to the earlier part", () => {
  expect(splitMoney(money(100, "JPY"), [1, 1, 1]).map((m) => m.amount)).toEqual([34, 33, 33]);
  expect(splitMoney(money(10, "JPY"), [1, 5, 0]).map((m) => m.amount)).toEqual([2, 8, 0]);
});

it("refuses fractions and mixed currencies", () => {
  expect(() => money(0.5, "JPY")).toThrow();
  expect(() => addMoney(money(1, "JPY"), money(1, "USD"))).toThrow();
});
