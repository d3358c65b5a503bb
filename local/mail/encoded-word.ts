function decodeQ(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const hex = text[at] === "=" ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1)) : null;
    if (hex) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 2;
    } else bytes.push(text[at] === "_" ? 0x20 : text.charCodeAt(at) & 0xff);
  }
  return Uint8Array.from(bytes);
}

/** Text with RFC 2047 encoded words (`=?utf-8?B?…?=`) made readable; anything malformed stays as it is. */
export function decodeEncodedWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(=\?)/g, "$1$2");
  return joined.replace(
    /=\?([\w-]+)\?([BbQq])\?([^?]*)\?=/g,
    (word, charset: string, encoding: string, content: string) => {
      try {
        const bytes =
          encoding.toUpperCase() === "B"
            ? Uint8Array.from(atob(content), (char) => char.charCodeAt(0))
            : decodeQ(content);
        return new TextDecoder(charset).decode(bytes);
      } catch {
        return word;
      }
    },
  );
}
