import { formatPercent } from "./format.ts";
import { classNames } from "./class-names.ts";

/** How far a long work has come. `percent` null means: at work, how far is not known. Changes are announced by the words beside it, not by the bar. */
export function ProgressBar({
  percent,
  label,
  tone = "accent",
  showPercent = false,
}: {
  percent: number | null;
  label: string;
  tone?: "accent" | "good" | "bad";
  showPercent?: boolean;
}) {
  const fill = { accent: "bg-accent", good: "bg-good", bad: "bg-bad" }[tone];
  return (
    <div className="flex items-center gap-3">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === null ? undefined : Math.round(percent)}
        className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-line"
      >
        <div
          className={classNames(
            "h-full w-full origin-left rounded-full",
            fill,
            percent === null ? "max-w-1/3 animate-sweep" : "transition-transform duration-200 ease-quiet",
          )}
          style={percent === null ? undefined : { transform: `scaleX(${Math.min(100, Math.max(0, percent)) / 100})` }}
        />
      </div>
      {showPercent && percent !== null ? (
        <span aria-hidden="true" className="figures w-11 text-right text-sm text-soft">
          {formatPercent(percent)}
        </span>
      ) : null}
    </div>
  );
}
