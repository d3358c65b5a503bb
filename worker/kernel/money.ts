import * as z from "zod";
import { assert } from "./assert.ts";

/** The minor units of each currency we take (ISO 4217): JPY has none, so ¥980 is 980. */
export const CURRENCY_DECIMALS = { JPY: 0, USD: 2 } as const;
export type Currency = keyof typeof CURRENCY_DECIMALS;

/** An amount in integer minor units. Never a float, never without its currency. */
export type Money = { readonly amount: number; readonly currency: Currency };

export const moneySchema = z.object({ amount: z.int(), currency: z.enum(["JPY", "USD"]) });

export function money(amount: number, currency: Currency): Money {
  assert(Number.isSafeInteger(amount), "money is an integer of minor units");
  return { amount, currency };
}

export function addMoney(a: Money, b: Money): Money {
  assert(a.currency === b.currency, "one currency per sum");
  return money(a.amount + b.amount, a.currency);
}

/**
 * Splits an amount by integer weights so that the parts sum exactly to it: largest remainder, ties to the earlier part.
 * Weights are ≥ 0 and not all zero.
 */
export function splitMoney(total: Money, weights: readonly number[]): Money[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  assert(sum > 0 && weights.every((w) => Number.isSafeInteger(w) && w >= 0), "weights are integers, not all zero");
  const amount = BigInt(total.amount);
  const parts = weights.map((weight, index) => {
    const product = amount * BigInt(weight);
    let whole = product / BigInt(sum);
    let rest = product % BigInt(sum);
    if (rest < 0n) {
      whole -= 1n;
      rest += BigInt(sum);
    }
    return { index, whole, rest };
  });
  let left = amount - parts.reduce((a, part) => a + part.whole, 0n);
  for (const part of [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    part.whole += 1n;
    left -= 1n;
  }
  return parts.map((part) => money(Number(part.whole), total.currency));
}
