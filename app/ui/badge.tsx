import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const TONES = {
  plain: "bg-sunken text-ink",
  accent: "bg-wash text-accent",
  good: "bg-good-wash text-good",
  warn: "bg-warn-wash text-warn",
  bad: "bg-bad-wash text-bad",
  note: "bg-note-wash text-note",
  stage: "bg-stage/85 text-on-stage",
} as const;

/** A short word about the state of a thing. Never the only carrier of a meaning by colour: the word says it. */
export function Badge({
  tone = "plain",
  icon,
  children,
  className,
}: {
  tone?: keyof typeof TONES;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1 rounded-sm px-1.5 py-0.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3",
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
