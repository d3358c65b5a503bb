import { useLocale } from "#app/copy/define-copy.ts";
import { formatAgo, formatDate, formatDateTime } from "./format.ts";

/**
 * An instant. With `now` (the loader's, so that server and browser write the same) it reads as how long ago, the exact one on hover; without,
 * as its day.
 */
export function Time({ at, now, exact = false }: { at: Date; now?: Date | undefined; exact?: boolean }) {
  const locale = useLocale();
  const full = formatDateTime(at, locale);
  const words = exact ? full : now ? formatAgo(at, now, locale) : formatDate(at, locale);
  return (
    <time dateTime={at.toISOString()} title={full} className="figures">
      {words}
    </time>
  );
}
