import { Form, Link, useLocation } from "@remix-run/react";
import { ChevronDown, Clapperboard, CreditCard, LogOut, UserRound } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { CsrfField } from "../post-form.tsx";

const ITEM =
  "flex min-h-11 w-full items-center gap-3 rounded-sm px-3 text-left text-sm hover:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0";

/**
 * What belongs to the person who is signed in. A disclosure of links, not a menu of commands (ARIA APG, Disclosure Navigation), so it opens
 * before scripts arrive; they add that it closes by Escape, by a click elsewhere and on arrival.
 */
export function PersonMenu({ name }: { name: string }) {
  const copy = useCopy(shellCopy);
  const box = useClosingDetails();
  return (
    <details ref={box} className="group relative">
      <summary className="flex min-h-11 list-none items-center gap-2 rounded-md px-2 text-sm transition-colors duration-150 hover:bg-sunken">
        <Initial name={name} />
        <span className="max-w-[8em] truncate">{name}</span>
        <span className="sr-only">{copy.personMenu}</span>
        <ChevronDown
          aria-hidden="true"
          className="size-4 text-soft transition-transform duration-150 group-open:rotate-180"
        />
      </summary>
      <ul className="absolute right-0 z-30 mt-1.5 w-56 animate-appear rounded-md border border-line bg-surface p-1">
        <Item to="/studio" icon={<Clapperboard aria-hidden="true" />} words={copy.studio} />
        <Item to="/account" icon={<UserRound aria-hidden="true" />} words={copy.account} />
        <Item to="/plans" icon={<CreditCard aria-hidden="true" />} words={copy.plans} />
        <li className="mt-1 border-t border-line pt-1">
          <Form method="post" action="/logout">
            <CsrfField />
            <button className={ITEM}>
              <LogOut aria-hidden="true" />
              {copy.signOut}
            </button>
          </Form>
        </li>
      </ul>
    </details>
  );
}

function Item({ to, icon, words }: { to: string; icon: ReactNode; words: string }) {
  return (
    <li>
      <Link to={to} className={ITEM}>
        {icon}
        {words}
      </Link>
    </li>
  );
}

/** A person's first letter, where a picture would be. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden="true"
      className="flex size-7 shrink-0 items-center justify-center rounded-full bg-wash text-sm font-medium text-accent"
    >
      {[...name][0]?.toUpperCase() ?? ""}
    </span>
  );
}

function useClosingDetails() {
  const box = useRef<HTMLDetailsElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    box.current?.removeAttribute("open");
  }, [key]);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) box.current?.removeAttribute("open");
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !box.current?.open) return;
      box.current.removeAttribute("open");
      box.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  return box;
}
