import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { classNames } from "#app/ui/class-names.ts";
import { CONTROL } from "./control-look.ts";

/**
 * One of a few, in a list above its button (ARIA menu button pattern). It stays inside the player, because in full screen nothing outside of
 * it is shown.
 */
export function ChoiceMenu({
  label,
  title,
  open,
  onOpenChange,
  choices,
  chosen,
  onChoose,
  testId,
  children,
}: {
  label: string;
  title: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  choices: readonly { value: number; label: string }[];
  chosen: number;
  onChoose: (value: number) => void;
  testId: string;
  children: ReactNode;
}) {
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    list.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
    const outside = (event: PointerEvent) => {
      const { target } = event;
      const inside = target instanceof Node && (list.current?.contains(target) || button.current?.contains(target));
      if (!inside) onOpenChange(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
    // onOpenChange is made anew on every render, and what it does never changes
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);

  const close = () => {
    button.current?.focus();
    onOpenChange(false);
  };
  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") event.preventDefault();
      return close();
    }
    const items = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitemradio]") ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };

  return (
    <div className="relative">
      <button
        ref={button}
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid={testId}
        className={CONTROL}
        onClick={() => onOpenChange(!open)}
      >
        {children}
      </button>
      {open ? (
        <div
          ref={list}
          role="menu"
          tabIndex={-1}
          aria-label={title}
          onKeyDown={move}
          className="absolute right-0 bottom-12 z-10 max-h-[min(20rem,60cqh)] min-w-36 animate-appear overflow-y-auto rounded-md bg-stage/95 p-1 text-sm"
        >
          {choices.map(({ value, label: words }) => (
            <button
              key={value}
              type="button"
              role="menuitemradio"
              aria-checked={value === chosen}
              tabIndex={-1}
              className="flex min-h-11 w-full items-center gap-2 rounded-sm px-2 pr-4 text-left whitespace-nowrap hover:bg-on-stage/15 focus-visible:bg-on-stage/15 focus-visible:-outline-offset-2 focus-visible:outline-on-stage"
              onClick={() => {
                onChoose(value);
                close();
              }}
            >
              <Check aria-hidden="true" className={classNames("size-4", value !== chosen && "invisible")} />
              <span className="figures">{words}</span>
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
