import { Link, NavLink } from "@remix-run/react";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { classNames } from "./class-names.ts";

export type RailLink = {
  to: string;
  label: string;
  icon: ReactNode;
  /** Active only on exactly this address. */ end?: boolean;
};

/** A place of work: a rail of its rooms at the left (a row above on phones), the room beside it. */
export function WorkArea({
  label,
  links,
  railEnd,
  children,
}: {
  label: string;
  links: readonly RailLink[];
  /** Below the rooms, e.g. the main button. */
  railEnd?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto flex w-full max-w-wide flex-col lg:flex-row">
      <nav
        aria-label={label}
        className="border-line max-lg:border-b lg:sticky lg:top-14 lg:h-[calc(100dvh-3.5rem)] lg:w-56 lg:shrink-0 lg:border-r lg:py-6"
      >
        <ul className="flex gap-1 overflow-x-auto p-2 lg:flex-col lg:px-4">
          {links.map(({ to, label: words, icon, end }) => (
            <li key={to} className="shrink-0">
              <NavLink
                to={to}
                end={end ?? false}
                className={({ isActive }) =>
                  classNames(
                    "flex min-h-11 items-center gap-3 rounded-md px-3 text-sm [&_svg]:size-5 [&_svg]:stroke-[1.75]",
                    isActive ? "bg-wash font-medium text-accent" : "text-ink hover:bg-sunken",
                  )
                }
              >
                {icon}
                {words}
              </NavLink>
            </li>
          ))}
        </ul>
        {railEnd ? <div className="px-4 py-2 max-lg:hidden">{railEnd}</div> : null}
      </nav>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** Where one is inside a place of work; the last crumb is the page itself. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly { label: string; to?: string }[] }) {
  const copy = useCopy(shellCopy);
  return (
    <nav aria-label={copy.breadcrumbs} className="mb-3 text-sm text-soft">
      <ol className="flex flex-wrap items-center gap-x-1">
        {crumbs.map(({ label, to }, index) => (
          <li key={label} className="flex items-center gap-1">
            {index > 0 ? <ChevronRight aria-hidden="true" className="size-4" /> : null}
            {to ? (
              <Link to={to} className="inline-flex min-h-6 items-center hover:underline">
                {label}
              </Link>
            ) : (
              <span aria-current="page">{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
