import { classNames } from "./class-names.ts";

/** A quiet turning ring, the size of the text beside it. With `label` it speaks for itself; without, what stands beside it does. */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  const ring = (
    <span
      aria-hidden="true"
      className={classNames(
        "inline-block size-4 shrink-0 animate-turn rounded-full border-2 border-current border-r-transparent",
        className,
      )}
    />
  );
  if (!label) return ring;
  return (
    <span role="status" className="inline-flex items-center gap-2 text-soft">
      {ring}
      {label}
    </span>
  );
}
