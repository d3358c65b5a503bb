/** Markup that is safe to send as it is. Made only by `html`. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | undefined | false | readonly Part[];

/** Text made harmless inside elements and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (char) => entities[char]!);
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
}

/** A template whose values are escaped unless they are markup themselves. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    strings.reduce((text, string, index) => text + string + (index < parts.length ? render(parts[index]) : ""), ""),
  );
}

const STYLE = `
:root{color-scheme:light dark;--line:#8883;--soft:#8881;--muted:#777;--ok:#157f3b;--bad:#c02626;--busy:#1d5fd0}
@media(prefers-color-scheme:dark){:root{--muted:#a0a0a0;--ok:#4cc27a;--bad:#ff7b72;--busy:#79a8ff}}
*{box-sizing:border-box}body{margin:0;font:15px/1.55 system-ui,"Hiragino Sans","Noto Sans JP",sans-serif}
header{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:baseline;padding:.8rem 1.2rem;border-bottom:1px solid var(--line)}
header strong{font-size:1.05rem}nav{display:flex;gap:1rem}nav a[aria-current]{font-weight:700;text-decoration:none}
main{max-width:70rem;margin:0 auto;padding:1.2rem}h1{font-size:1.3rem;margin:.2rem 0 1rem}
.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr))}.card{border:1px solid var(--line);border-radius:.6rem;padding:1rem}
.card b{display:block;font-size:1.8rem;line-height:1.2}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--line)}
th{font-weight:600;color:var(--muted);font-size:.85rem}td.wide{overflow-wrap:anywhere}code,pre{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:1rem;border-radius:.6rem;margin:0}
.muted{color:var(--muted)}.ok{color:var(--ok)}.bad{color:var(--bad)}.busy{color:var(--busy)}
progress{width:8rem;vertical-align:middle}.tabs{display:flex;gap:1rem;margin:1rem 0}.tabs a[aria-current]{font-weight:700;text-decoration:none}
iframe{width:100%;height:70vh;border:1px solid var(--line);border-radius:.6rem;background:#fff}
form{display:inline}button{font:inherit;padding:.3rem .8rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem;margin:0}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
`;

/** The pages of the console, in the order of the menu. */
export const PAGES = [
  { path: "/", name: "Overview" },
  { path: "/mail", name: "Mail" },
  { path: "/jobs", name: "Media jobs" },
  { path: "/events", name: "Events" },
] as const;

/** A whole page. `refreshSeconds` reloads it while something is going on. */
export function page(options: { title: string; path: string; body: Markup; refreshSeconds?: number }): string {
  const items = PAGES.map(
    (item) => html`<a href="${item.path}" ${item.path === options.path && html` aria-current="page"`}>${item.name}</a>`,
  );
  const refresh =
    options.refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${options.refreshSeconds}" />`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        ${refresh}
        <title>${options.title} · Hiroba local console</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <strong>Hiroba local console</strong>
          <nav>${items}</nav>
        </header>
        <main>
          <h1>${options.title}</h1>
          ${options.body}
        </main>
      </body>
    </html>`.text;
}

/** A time of day with its date, in UTC, for people and machines. */
export function time(instant: Date | string | number | undefined): Markup {
  if (instant === undefined) return html`<span class="muted">–</span>`;
  const iso = new Date(instant).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")}</time>`;
}
