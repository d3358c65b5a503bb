import { Form } from "@remix-run/react";
import { Monitor, Moon, Sun } from "lucide-react";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import type { Theme } from "#app/load-context.ts";
import { useRootData } from "#app/root-data.ts";
import { IconButton } from "../button.tsx";
import { CsrfField, NextField } from "../post-form.tsx";

const NEXT_THEME: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };

/** Switches to the other language and stays on the page. */
export function LanguageSwitch() {
  const copy = useCopy(shellCopy);
  const other = useLocale() === "ja" ? "en" : "ja";
  return (
    <Form method="post" action="/preferences" preventScrollReset>
      <CsrfField />
      <NextField />
      <button
        name="locale"
        value={other}
        lang={other}
        title={copy.otherLanguageLabel}
        className="min-h-11 rounded-md px-2.5 text-sm text-ink transition-colors duration-150 hover:bg-sunken"
      >
        {copy.otherLanguage}
      </button>
    </Form>
  );
}

/** Goes round: as the device, light, dark. */
export function ThemeSwitch() {
  const copy = useCopy(shellCopy);
  const theme = useRootData()?.page.theme ?? "system";
  const next = NEXT_THEME[theme];
  const Icon = THEME_ICONS[theme];
  return (
    <Form method="post" action="/preferences" preventScrollReset>
      <CsrfField />
      <NextField />
      <IconButton type="submit" name="theme" value={next} label={copy.themeNow(copy.themes[theme], copy.themes[next])}>
        <Icon aria-hidden="true" className="stroke-[1.75]" />
      </IconButton>
    </Form>
  );
}
