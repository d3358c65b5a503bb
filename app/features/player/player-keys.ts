/** What a key asks the player to do. */
export type PlayerCommand =
  | { do: "toggle" }
  | { do: "seekBy"; seconds: number }
  | { do: "seekToShare"; share: number }
  | { do: "volumeBy"; step: number }
  | { do: "mute" }
  | { do: "captions" }
  | { do: "fullScreen" }
  | { do: "rateBy"; step: -1 | 1 }
  | { do: "keys" };

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

type Pressed = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

const COMMANDS: Readonly<Record<string, PlayerCommand>> = {
  " ": { do: "toggle" },
  k: { do: "toggle" },
  j: { do: "seekBy", seconds: -10 },
  l: { do: "seekBy", seconds: 10 },
  ArrowLeft: { do: "seekBy", seconds: -5 },
  ArrowRight: { do: "seekBy", seconds: 5 },
  ArrowUp: { do: "volumeBy", step: 0.05 },
  ArrowDown: { do: "volumeBy", step: -0.05 },
  m: { do: "mute" },
  c: { do: "captions" },
  f: { do: "fullScreen" },
  "<": { do: "rateBy", step: -1 },
  ">": { do: "rateBy", step: 1 },
  "?": { do: "keys" },
};

/** The command of a key; null for keys that are not ours, among them everything with Ctrl, ⌘ or Alt. */
export function commandOfKey({ key, ctrlKey, metaKey, altKey }: Pressed): PlayerCommand | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (/^[0-9]$/.test(key)) return { do: "seekToShare", share: Number(key) / 10 };
  return COMMANDS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

type Target = { tagName: string; isContentEditable?: boolean; type?: string; role: string | null };

/**
 * Whether a key that was pressed on this element is the element's own: text fields keep every key, buttons and links Space, sliders and
 * menus their arrows. `inPlayer` tells whether the element belongs to the player; outside of it arrows scroll the page.
 */
export function belongsToTarget(key: string, target: Target, inPlayer: boolean): boolean {
  const tag = target.tagName.toUpperCase();
  if (takesText(tag, target)) return true;
  const ofMenu = target.role?.startsWith("menuitem") === true;
  if (key === " ") return ofMenu || tag === "BUTTON" || tag === "A" || tag === "SUMMARY";
  if (!key.startsWith("Arrow")) return false;
  return ofMenu || !inPlayer || target.type === "range" || target.role === "slider";
}

function takesText(tag: string, { isContentEditable, type }: Target): boolean {
  if (isContentEditable || tag === "TEXTAREA" || tag === "SELECT") return true;
  return tag === "INPUT" && type !== "range";
}

/** The next faster or slower rate; stays at the end of the list. */
export function steppedRate(rate: number, step: -1 | 1): number {
  const next = step > 0 ? RATES.find((known) => known > rate) : RATES.findLast((known) => known < rate);
  return next ?? rate;
}
