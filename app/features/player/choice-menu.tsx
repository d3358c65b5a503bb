import { Check } from "lucide-react";
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useRef } from "react";
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
  useOpened(open, list, button, () => onOpenChange(false));

  const close = () => {
    button.current?.focus();
    onOpenChange(false);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") event.preventDefault();
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (list.current && moveFocus(event.key, list.current)) event.preventDefault();
  };

  return (
    <div className="relative">
      <button
        ref={button}
        type="button"
        title={title}
        aria-haspopup="menu"
        aria-expanded={open}
        data-testid={testId}
        className={CONTROL}
        onClick={() => onOpenChange(!open)}
      >
        <span className="sr-only">{label}</span>
        <span aria-hidden="true" className="contents">
          {children}
        </span>
      </button>
      {open ? (
        <Choices
          list={list}
          title={title}
          choices={choices}
          chosen={chosen}
          onKeyDown={press}
          onChoose={(value) => {
            onChoose(value);
            close();
          }}
        />
      ) : null}
    </div>
  );
}

function Choices({
  list,
  title,
  choices,
  chosen,
  onKeyDown,
  onChoose,
}: {
  list: RefObject<HTMLDivElement>;
  title: string;
  choices: readonly { value: number; label: string }[];
  chosen: number;
  onKeyDown: (event: KeyboardEvent) => void;
  onChoose: (value: number) => void;
}) {
  return (
    <div
      ref={list}
      role="menu"
      tabIndex={-1}
      aria-label={title}
      onKeyDown={onKeyDown}
      className="absolute right-0 bottom-12 z-10 max-h-80 min-w-36 animate-appear overflow-y-auto rounded-md bg-stage/95 p-1 text-sm"
    >
      {choices.map(({ value, label: words }) => (
        <Choice key={value} words={words} chosen={value === chosen} onChoose={() => onChoose(value)} />
      ))}
    </div>
  );
}

/** Moves the focus as arrows, Home and End do in a menu; tells whether the key was one of them. */
function moveFocus(key: string, list: HTMLElement): boolean {
  const items = [...list.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  const at = items.findIndex((item) => item === document.activeElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  const to = steps[key];
  if (to === undefined) return false;
  items[(to + items.length) % items.length]?.focus();
  return true;
}

function Choice({ words, chosen, onChoose }: { words: string; chosen: boolean; onChoose: () => void }) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={chosen}
      tabIndex={-1}
      className="flex min-h-11 w-full items-center gap-2 rounded-sm px-2 pr-4 text-left whitespace-nowrap hover:bg-on-stage/15 focus-visible:bg-on-stage/15 focus-visible:-outline-offset-2 focus-visible:outline-on-stage"
      onClick={onChoose}
    >
      <Check aria-hidden="true" className={classNames("size-4", !chosen && "invisible")} />
      <span className="figures">{words}</span>
    </button>
  );
}

/** While open: the chosen one gets the focus first, and a press anywhere else closes. */
function useOpened(
  open: boolean,
  list: RefObject<HTMLElement>,
  button: RefObject<HTMLElement>,
  onClose: () => void,
): void {
  const close = useSteady(onClose);
  useEffect(() => {
    if (!open) return;
    list.current?.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
    const outside = ({ target }: PointerEvent) => {
      const inside = target instanceof Node && (list.current?.contains(target) || button.current?.contains(target));
      if (!inside) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open, list, button, close]);
}

/** The newest version of a function under a name that never changes, for effects that outlive a rendering. */
function useSteady(newest: () => void): () => void {
  const latest = useRef(newest);
  useEffect(() => {
    latest.current = newest;
  });
  return useCallback(() => latest.current(), []);
}
