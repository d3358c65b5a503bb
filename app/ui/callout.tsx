import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const TONES = {
  info: { look: "border-note/40 bg-note-wash", ink: "text-note", Icon: Info },
  good: { look: "border-good/40 bg-good-wash", ink: "text-good", Icon: CircleCheck },
  warn: { look: "border-warn/40 bg-warn-wash", ink: "text-warn", Icon: TriangleAlert },
  error: { look: "border-bad/40 bg-bad-wash", ink: "text-bad", Icon: CircleAlert },
} as const;

/** A remark beside the work: what happened, what it means, what to do. Errors are announced at once, the rest when there is time. */
export function Callout({
  tone = "info",
  title,
  children,
  actions,
  className,
}: {
  tone?: keyof typeof TONES;
  title?: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string | undefined;
}) {
  const { look, ink, Icon } = TONES[tone];
  return (
    <div
      role={tone === "error" ? "alert" : "status"}
      className={classNames("flex gap-3 rounded-md border px-4 py-3", look, className)}
    >
      <Icon aria-hidden="true" className={classNames("mt-0.5 size-5 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        {title ? <p className="font-medium">{title}</p> : null}
        {children ? <div className="text-sm">{children}</div> : null}
        {actions ? <div className="mt-3 flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </div>
  );
}
