import * as Radix from "@radix-ui/react-dropdown-menu";
import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const ITEM =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-sm px-3 outline-none select-none " +
  "data-highlighted:bg-sunken data-disabled:cursor-default data-disabled:text-soft [&_svg]:size-4 [&_svg]:shrink-0";

/** A list of things to do with the thing that `trigger` belongs to. */
export function Menu({
  trigger,
  children,
  align = "end",
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-[min(22rem,calc(100vw-1rem))] min-w-48 animate-appear rounded-md border border-line bg-surface p-1 shadow-sm"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Does something. */
export function MenuItem({
  icon,
  tone = "plain",
  disabled,
  onSelect,
  children,
}: {
  icon?: ReactNode;
  tone?: "plain" | "bad";
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Radix.Item
      className={classNames(ITEM, tone === "bad" && "text-bad")}
      disabled={disabled ?? false}
      onSelect={onSelect}
    >
      {icon}
      {children}
    </Radix.Item>
  );
}

/** Goes somewhere. */
export function MenuLink({ icon, to, children }: { icon?: ReactNode; to: string; children: ReactNode }) {
  return (
    <Radix.Item asChild className={ITEM}>
      <Link to={to}>
        {icon}
        {children}
      </Link>
    </Radix.Item>
  );
}

/** A hairline between groups. */
export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
