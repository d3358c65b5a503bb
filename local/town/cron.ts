/** One field of a cron line: its limits, its names in order, and the number that the first name stands for. */
interface Field {
  min: number;
  max: number;
  names: string[];
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MINUTE: Field = { min: 0, max: 59, names: [] };
const HOUR: Field = { min: 0, max: 23, names: [] };
const DAY_OF_MONTH: Field = { min: 1, max: 31, names: [] };
const MONTH: Field = { min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { min: 1, max: 7, names: DAYS };

/**
 * Whether a Cron Trigger fires in the minute of `at`. Five fields in UTC as Cloudflare reads them: 1 is Sunday
 * (https://developers.cloudflare.com/workers/configuration/cron-triggers/). Lists, ranges, steps and names are known;
 * `L`, `W` and `#` are not.
 * @throws for an expression that it cannot read
 */
export function isDue(expression: string, at: Date): boolean {
  const [minute, hour, day, month, weekday, ...rest] = expression.trim().split(/\s+/);
  if (weekday === undefined || rest.length > 0) throw new Error(`"${expression}" does not have five fields.`);
  const dayMatches = matches(day, DAY_OF_MONTH, at.getUTCDate());
  const weekdayMatches = matches(weekday, DAY_OF_WEEK, at.getUTCDay() + 1);
  // crontab(5): when both day fields are restricted, either is enough.
  const eitherDay = day !== "*" && weekday !== "*" ? dayMatches || weekdayMatches : dayMatches && weekdayMatches;
  return (
    matches(minute, MINUTE, at.getUTCMinutes()) &&
    matches(hour, HOUR, at.getUTCHours()) &&
    matches(month, MONTH, at.getUTCMonth() + 1) &&
    eitherDay
  );
}

function matches(text: string | undefined, field: Field, value: number): boolean {
  return (text ?? "").split(",").some((part) => {
    const [range = "", stepText] = part.split("/");
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!Number.isInteger(step) || step < 1) throw new Error(`"${part}" is not a cron field.`);
    const [from, to] = limits(range, stepText !== undefined, field);
    return value >= from && value <= to && (value - from) % step === 0;
  });
}

function limits(range: string, hasStep: boolean, field: Field): [from: number, to: number] {
  if (range === "*") return [field.min, field.max];
  const [first = "", last] = range.split("-");
  const from = numberOf(first, field);
  if (last !== undefined) return [from, numberOf(last, field)];
  return [from, hasStep ? field.max : from];
}

function numberOf(text: string, field: Field): number {
  const name = field.names.indexOf(text.toLowerCase());
  const value = name >= 0 ? name + field.min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.min && value <= field.max)) throw new Error(`"${text}" is not a cron value.`);
  return value;
}

/**
 * Fires each due cron once a minute, because no local runtime does. A failing run is reported and does not stop the
 * clock; a run that still goes on keeps the next one of the same cron waiting for its next turn.
 */
export function startCronClock(
  crons: readonly string[],
  fire: (cron: string, at: Date) => Promise<void>,
  report: (message: string) => void,
): { stop(): void } {
  const running = new Set<string>();
  const runOne = async (cron: string, at: Date) => {
    if (running.has(cron) || !isDue(cron, at)) return;
    running.add(cron);
    try {
      await fire(cron, at);
    } finally {
      running.delete(cron);
    }
  };
  let timer: NodeJS.Timeout;
  const wait = () => {
    const now = Date.now();
    const next = new Date(Math.floor(now / 60_000) * 60_000 + 60_000);
    timer = setTimeout(() => {
      for (const cron of crons) {
        runOne(cron, next).catch((error: unknown) => report(`cron "${cron}" failed: ${String(error)}`));
      }
      wait();
    }, next.getTime() - now);
  };
  wait();
  return { stop: () => clearTimeout(timer) };
}
