import { type ComponentProps, type ReactNode, forwardRef, useId } from "react";
import { CircleAlert } from "lucide-react";
import { classNames } from "./class-names.ts";

/** What every field has: a visible label, a hint said before, and the sentence about what is wrong. */
export type FieldWords = {
  label: ReactNode;
  hint?: ReactNode;
  /** Shown under the field and read with it; marks the field as invalid. */
  error?: string | undefined;
  /** Beside the label, e.g. 任意. */
  note?: ReactNode;
};

type Bare<T extends "input" | "textarea" | "select"> = Omit<ComponentProps<T>, "ref">;

const CONTROL =
  "w-full rounded-md border bg-surface px-3 text-base text-ink transition-colors duration-150 " +
  "disabled:bg-sunken disabled:text-soft read-only:bg-sunken";

function controlLook(error: string | undefined, className?: string): string {
  return classNames(CONTROL, error ? "border-bad shadow-[inset_0_0_0_1px_var(--color-bad)]" : "border-edge", className);
}

/** Ids and aria of one field, so that label, hint and error are heard together with it. */
function useField({ hint, error }: Pick<FieldWords, "hint" | "error">, given: string | undefined) {
  const made = useId();
  const id = given ?? made;
  const described = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    id,
    aria: { id, "aria-describedby": described || undefined, "aria-invalid": error ? (true as const) : undefined },
  };
}

/** The frame of one field, for controls of your own: `children` must carry `id` and the aria attributes itself. */
export function Field({ id, label, hint, error, note, children }: FieldWords & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="flex items-baseline justify-between gap-3 text-sm font-medium">
        <span>{label}</span>
        {note ? <span className="text-xs font-normal text-soft">{note}</span> : null}
      </label>
      {hint ? (
        <div id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </div>
      ) : null}
      {children}
      <FieldError id={id} error={error} />
    </div>
  );
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <p id={`${id}-error`} className="flex animate-appear items-start gap-1.5 text-sm text-bad">
      <CircleAlert aria-hidden="true" className="mt-1 size-4 shrink-0" />
      {error}
    </p>
  );
}

export type TextFieldProps = FieldWords &
  Bare<"input"> & { /** Stands inside the frame, at its end. */ end?: ReactNode };

/** One line of text. */
export const TextField = forwardRef<HTMLInputElement, TextFieldProps>(function TextField(
  { label, hint, error, note, end, id: given, className, type = "text", ...rest },
  ref,
) {
  const { id, aria } = useField({ hint, error }, given);
  return (
    <Field id={id} label={label} hint={hint} error={error} note={note}>
      <div className="relative">
        <input
          ref={ref}
          type={type}
          {...rest}
          {...aria}
          className={controlLook(error, classNames("h-11", end ? "pr-24" : undefined, className))}
        />
        {end ? <div className="absolute inset-y-0 right-0 flex items-center">{end}</div> : null}
      </div>
    </Field>
  );
});

/** Several lines of text. */
export const TextArea = forwardRef<HTMLTextAreaElement, FieldWords & Bare<"textarea">>(function TextArea(
  { label, hint, error, note, id: given, className, rows = 5, ...rest },
  ref,
) {
  const { id, aria } = useField({ hint, error }, given);
  return (
    <Field id={id} label={label} hint={hint} error={error} note={note}>
      <textarea
        ref={ref}
        rows={rows}
        {...rest}
        {...aria}
        className={controlLook(error, classNames("min-h-22 py-2 leading-relaxed", className))}
      />
    </Field>
  );
});

/** One of a known list, by the browser's own control. */
export const Select = forwardRef<
  HTMLSelectElement,
  FieldWords & Omit<Bare<"select">, "children"> & { options: readonly { value: string; label: string }[] }
>(function Select({ label, hint, error, note, id: given, className, options, ...rest }, ref) {
  const { id, aria } = useField({ hint, error }, given);
  return (
    <Field id={id} label={label} hint={hint} error={error} note={note}>
      <select ref={ref} {...rest} {...aria} className={controlLook(error, classNames("h-11", className))}>
        {options.map(({ value, label: words }) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </Field>
  );
});

/** One of a few, all in sight, each with a line that says what it means. */
export function RadioGroup({
  label,
  hint,
  error,
  name,
  options,
  defaultValue,
  value,
  onChange,
}: FieldWords & {
  name: string;
  options: readonly { value: string; label: ReactNode; hint?: ReactNode; disabled?: boolean }[];
  defaultValue?: string;
  value?: string;
  onChange?: (value: string) => void;
}) {
  const { id, aria } = useField({ hint, error }, undefined);
  return (
    <fieldset
      role="radiogroup"
      aria-invalid={aria["aria-invalid"]}
      aria-describedby={aria["aria-describedby"]}
      className="flex min-w-0 flex-col gap-1.5"
    >
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      {hint ? (
        <div id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </div>
      ) : null}
      <div className="divide-y divide-line overflow-hidden rounded-md border border-edge bg-surface">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-11 items-start gap-3 px-3 py-2.5 has-checked:bg-wash has-disabled:text-soft has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              disabled={option.disabled}
              {...(value === undefined
                ? { defaultChecked: option.value === defaultValue }
                : { checked: option.value === value })}
              {...(onChange ? { onChange: () => onChange(option.value) } : {})}
              className="mt-1 size-4 shrink-0 outline-none"
            />
            <span className="flex min-w-0 flex-col">
              <span>{option.label}</span>
              {option.hint ? <span className="text-sm text-soft">{option.hint}</span> : null}
            </span>
          </label>
        ))}
      </div>
      <FieldError id={id} error={error} />
    </fieldset>
  );
}
