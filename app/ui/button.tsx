import { Link, type LinkProps } from "@remix-run/react";
import { type ComponentProps, type MouseEvent, type ReactNode, forwardRef } from "react";
import { classNames } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

type Look = {
  /** `primary` is the one thing to do here; `danger` takes something away. */
  variant?: "primary" | "secondary" | "quiet" | "danger" | undefined;
  /** `compact` is 36 px high for work screens; its target stays 44 px. */
  size?: "regular" | "compact" | undefined;
  icon?: ReactNode;
  wide?: boolean | undefined;
};

const BASE =
  "relative inline-flex items-center justify-center gap-2 rounded-md font-medium no-underline select-none " +
  "transition-[opacity,background-color] duration-150 ease-quiet active:opacity-80 aria-disabled:cursor-default aria-disabled:opacity-90 " +
  "disabled:cursor-default disabled:opacity-55 [&_svg]:size-[1.125em] [&_svg]:shrink-0";
const VARIANTS = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  secondary: "border border-edge bg-surface text-ink hover:bg-sunken",
  quiet: "text-ink hover:bg-sunken",
  danger: "bg-bad text-on-accent hover:opacity-90",
} as const;
const SIZES = {
  regular: "min-h-11 px-7 py-2 text-base leading-snug",
  compact: "min-h-9 px-4 py-1 text-sm after:absolute after:-inset-x-0 after:-inset-y-1",
} as const;

function look({ variant = "secondary", size = "regular", wide }: Look, className?: string): string {
  return classNames(BASE, VARIANTS[variant], SIZES[size], wide && "w-full", className);
}

export type ButtonProps = Look &
  Omit<ComponentProps<"button">, "ref"> & {
    /** What it does is under way: the words stay, a ring turns, and pressing again does nothing. */
    pending?: boolean | undefined;
  };

/** A button. It submits its form unless `type` says otherwise, as in HTML. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { variant, size, icon, wide, pending = false, className, children, onClick, ...rest },
  ref,
) {
  // Not `disabled`: that would throw the keyboard's place away while the answer is awaited
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (pending) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      ref={ref}
      {...rest}
      className={look({ variant, size, wide }, className)}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={press}
    >
      {pending && icon ? <Spinner /> : icon}
      {pending && !icon ? (
        <span className="relative">
          <Spinner
            className={classNames(
              "absolute inset-y-0 right-full my-auto",
              size === "compact" ? "mr-0.5 size-3" : "mr-2",
            )}
          />
          {children}
        </span>
      ) : (
        children
      )}
    </button>
  );
});

/** A link that looks like a button: for going somewhere, never for doing something. */
export function LinkButton({ variant, size, icon, wide, className, children, ...rest }: Look & LinkProps) {
  return (
    <Link {...rest} className={look({ variant, size, wide }, className)}>
      {icon}
      {children}
    </Link>
  );
}

/** A square button that shows only an icon; `label` is its name. */
export const IconButton = forwardRef<HTMLButtonElement, Omit<ComponentProps<"button">, "ref"> & { label: string }>(
  function IconButton({ label, className, children, type = "button", ...rest }, ref) {
    return (
      <button
        ref={ref}
        type={type}
        aria-label={label}
        title={label}
        {...rest}
        className={classNames(
          "inline-flex size-11 items-center justify-center rounded-md text-ink transition-colors duration-150 hover:bg-sunken",
          "disabled:opacity-55 [&_svg]:size-5",
          className,
        )}
      >
        {children}
      </button>
    );
  },
);
