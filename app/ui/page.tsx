import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const WIDTHS = { wide: "max-w-wide", prose: "max-w-2xl", form: "max-w-form" } as const;

/** One page inside the shell: its one h1, a line under it, and what can be done here. */
export function Page({
  title,
  lead,
  actions,
  width = "wide",
  children,
}: {
  /** Without it the page brings its own h1. */
  title?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  width?: keyof typeof WIDTHS;
  children: ReactNode;
}) {
  return (
    <div className={classNames("mx-auto w-full px-4 py-6 sm:px-6 sm:py-10", WIDTHS[width])}>
      {title ? (
        <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4 sm:mb-8">
          <div className="min-w-0">
            <h1 className="text-2xl sm:text-3xl">{title}</h1>
            {lead ? <p className="mt-2 max-w-prose text-soft">{lead}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap gap-3">{actions}</div> : null}
        </header>
      ) : null}
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  lead,
  actions,
  children,
  className,
}: {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={classNames("mt-10 first:mt-0", className)}>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <h2 className="text-xl">{title}</h2>
          {lead ? <p className="mt-1 max-w-prose text-sm text-soft">{lead}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
