import { linkify } from "./linkify.ts";

/** A text that people wrote, with its line breaks and its addresses as links. Nothing else in it is ever markup. */
export function LinkedText({ text }: { text: string }) {
  return (
    <p className="max-w-prose whitespace-pre-line">
      {linkify(text).map((stretch, index) =>
        stretch.href === undefined ? (
          stretch.text
        ) : (
          <a key={index} href={stretch.href} rel="nofollow ugc noopener noreferrer" target="_blank" className="link">
            {stretch.text}
          </a>
        ),
      )}
    </p>
  );
}
