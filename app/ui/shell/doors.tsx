import { Link, NavLink, useLocation } from "@remix-run/react";
import { CirclePlay, Clapperboard, LogIn, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { useUser } from "#app/root-data.ts";
import { signInPath } from "../addresses.ts";
import { LinkButton } from "../button.tsx";
import { classNames } from "../class-names.ts";
import { Mark } from "../mark.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { LanguageSwitch, ThemeSwitch } from "./preference-switches.tsx";

type Door = { to: string; words: string; icon: ReactNode; active: boolean };

/** The doors that are open to whoever is here. */
function useDoors(): Door[] {
  const copy = useCopy(shellCopy);
  const user = useUser();
  const { pathname } = useLocation();
  const watch = {
    to: "/",
    words: copy.watch,
    icon: <CirclePlay aria-hidden="true" />,
    active: /^\/(?:$|watch\/|c\/)/.test(pathname),
  };
  const studio = {
    to: "/studio",
    words: copy.studio,
    icon: <Clapperboard aria-hidden="true" />,
    active: /^\/studio(?:\/|$)/.test(pathname),
  };
  return user ? [watch, studio] : [watch];
}

/** Where signing in leads back to. */
function useSignInPath(): string {
  const { pathname, search } = useLocation();
  return signInPath(/^\/(?:login|signup|verify)/.test(pathname) ? "/" : `${pathname}${search}`);
}

/** The slim bar above every page. */
export function TopBar() {
  const copy = useCopy(shellCopy);
  const user = useUser();
  const toSignIn = useSignInPath();
  const doors = useDoors();
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-ground">
      <div className="mx-auto flex h-14 max-w-wide items-center gap-2 px-3 sm:px-6">
        <Link
          to="/"
          aria-label={copy.home}
          className="flex min-h-11 items-center gap-2 rounded-md pr-2 text-lg font-semibold tracking-wide"
        >
          <Mark />
          <span aria-hidden="true">{copy.name}</span>
        </Link>
        <nav aria-label={copy.doors} className="ml-4 self-stretch max-sm:hidden">
          <ul className="flex h-full gap-1">
            {doors.map(({ to, words, active }) => (
              <li key={to} className="h-full">
                <NavLink
                  to={to}
                  aria-current={active ? "page" : undefined}
                  className={classNames(
                    "flex h-full items-center border-b-2 px-3 text-sm transition-colors duration-150",
                    active ? "border-accent font-medium" : "border-transparent text-soft hover:text-ink",
                  )}
                >
                  {words}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex items-center">
          <LanguageSwitch />
          <ThemeSwitch />
          <div className="ml-2 max-sm:hidden">
            {user ? (
              <PersonMenu name={user.name} />
            ) : (
              <LinkButton to={toSignIn} variant="secondary" size="compact">
                {copy.signIn}
              </LinkButton>
            )}
          </div>
        </div>
      </div>
    </header>
  );
}

/** The doors within the thumb's reach on phones. */
export function BottomBar() {
  const copy = useCopy(shellCopy);
  const user = useUser();
  const { pathname } = useLocation();
  const toSignIn = useSignInPath();
  const person = user
    ? { to: "/account", words: copy.me, icon: <UserRound aria-hidden="true" />, active: pathname === "/account" }
    : { to: toSignIn, words: copy.signIn, icon: <LogIn aria-hidden="true" />, active: pathname === "/login" };
  return (
    <nav
      aria-label={copy.doors}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-ground pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      <ul className="flex h-14">
        {[...useDoors(), person].map(({ to, words, icon, active }) => (
          <li key={words} className="flex-1">
            <Link
              to={to}
              aria-current={active ? "page" : undefined}
              className={classNames(
                "flex h-full flex-col items-center justify-center gap-0.5 text-xs -outline-offset-2 [&_svg]:size-5",
                active ? "font-medium text-accent" : "text-soft",
              )}
            >
              {icon}
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What stands at the end of every page. */
export function Footer() {
  const copy = useCopy(shellCopy);
  return (
    <footer className="mt-auto border-t border-line text-sm text-soft max-sm:pb-[calc(3.5rem+env(safe-area-inset-bottom))]">
      <div className="mx-auto flex max-w-wide flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-4 sm:px-6">
        <p>{copy.description}</p>
        <Link to="/plans" className="inline-flex min-h-11 items-center hover:text-ink hover:underline">
          {copy.plans}
        </Link>
      </div>
    </footer>
  );
}
