import { useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { authCopy } from "#app/copy/auth.ts";
import { TextField, type TextFieldProps } from "./field.tsx";

/** A password, hidden until its reader wants to see it (ASVS 5.0 6.2.6); pasting and password managers are welcome. */
export function PasswordField(props: Omit<TextFieldProps, "type" | "end" | "label">) {
  const copy = useCopy(authCopy);
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      label={copy.password}
      type={shown ? "text" : "password"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      end={
        <button
          type="button"
          aria-label={copy.showPassword}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
          className="h-full min-w-16 rounded-md px-3 text-sm text-soft -outline-offset-2 hover:text-ink"
        >
          {shown ? copy.hide : copy.show}
        </button>
      }
    />
  );
}
