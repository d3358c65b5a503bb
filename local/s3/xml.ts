/** An element as read: children in order, and all its own text. Attributes are dropped, S3 puts no facts there. */
export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** What `xml` writes: text, or elements by name; an array repeats its element; undefined leaves it out. */
export type XmlValue = string | number | boolean | XmlTree | readonly XmlValue[] | undefined;
export interface XmlTree {
  readonly [name: string]: XmlValue;
}

const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const DEPTH_MAX = 16;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Writes a document with one root element in S3's namespace (errors have none). */
export function xmlDocument(root: string, content: XmlTree | string, namespace: string | null = S3_NAMESPACE): string {
  const attribute = namespace === null ? "" : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${typeof content === "string" ? escapeText(content) : writeTree(content)}</${root}>`;
}

function writeTree(tree: XmlTree): string {
  return Object.entries(tree)
    .map(([name, value]) => writeElement(name, value))
    .join("");
}

function writeElement(name: string, value: XmlValue): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map((item: XmlValue) => writeElement(name, item)).join("");
  const content = typeof value === "object" ? writeTree(value as XmlTree) : escapeText(String(value));
  return `<${name}>${content}</${name}>`;
}

function escapeText(text: string): string {
  return text.replace(/[&<>"\p{Cc}]/gu, (c) => {
    const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c];
    return named ?? `&#x${c.charCodeAt(0).toString(16)};`;
  });
}

/**
 * Reads the plain XML that S3 clients send: elements, text, CDATA, comments and the five named entities. Document type declarations are refused.
 * Throws SyntaxError for anything else.
 */
export function parseXml(source: string): XmlElement {
  const tokens =
    /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)((?:\s+[^<>]*?)?)(\/?)>|([^<]+)|</g;
  const top: XmlElement = { name: "", children: [], text: "" };
  const open: XmlElement[] = [top];
  for (const match of source.matchAll(tokens)) {
    const [token, cdata, closing, name, , selfClosing, text] = match;
    const parent = open.at(-1)!;
    if (cdata !== undefined) parent.text += cdata;
    else if (text !== undefined) parent.text += unescapeText(text);
    else if (name === undefined) {
      if (token === "<") throw new SyntaxError("malformed XML");
    } else if (closing === "/") {
      if (open.length === 1 || parent.name !== localName(name)) throw new SyntaxError(`unexpected </${name}>`);
      open.pop();
    } else {
      const element: XmlElement = { name: localName(name), children: [], text: "" };
      parent.children.push(element);
      if (selfClosing !== "/") open.push(element);
      if (open.length > DEPTH_MAX) throw new SyntaxError("XML is nested too deeply");
    }
  }
  const root = top.children[0];
  if (open.length !== 1 || root === undefined || top.children.length > 1 || top.text.trim() !== "") {
    throw new SyntaxError("XML needs exactly one root element");
  }
  return root;
}

/** The children of one name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The trimmed text of the first child of one name, or undefined. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text.trim();
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function unescapeText(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|\w+);|&/g, (whole, entity: string | undefined) => {
    if (entity === undefined) throw new SyntaxError("a bare & in XML");
    if (!entity.startsWith("#")) {
      const named = ENTITIES[entity];
      if (named === undefined) throw new SyntaxError(`unknown entity ${whole}`);
      return named;
    }
    const code = entity[1] === "x" ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    if (code > 0x10ffff) throw new SyntaxError(`no such character ${whole}`);
    return String.fromCodePoint(code);
  });
}
