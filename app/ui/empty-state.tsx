import type { ReactNode } from "react";

/** What stands where a list would: why there is nothing, and what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-edge/50 px-6 py-14 text-center">
      {icon ? <div className="text-soft [&_svg]:size-8 [&_svg]:stroke-[1.5]">{icon}</div> : null}
      <p className="text-lg font-medium">{title}</p>
      {children ? <div className="max-w-prose text-soft">{children}</div> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
