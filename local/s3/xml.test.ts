import { expect, test } from "vitest";
import { childrenOf, parseXml, textOf, xmlDocument } from "./xml.ts";

test("reads back what it writes, whatever the text", () => {
  const key = `a<b>&"'\u0001日本🎉`;
  const root = parseXml(xmlDocument("Delete", { Object: [{ Key: key }, { Key: "" }], Quiet: true, Absent: undefined }));
  expect(childrenOf(root, "Object").map((element) => childrenOf(element, "Key")[0]?.text)).toEqual([key, ""]);
  expect(textOf(root, "Quiet")).toBe("true");
  expect(textOf(root, "Absent")).toBeUndefined();
});

test("reads prefixes, attributes, CDATA, comments and character references", () => {
  const root = parseXml(
    `<?xml version="1.0"?><!-- c --><s:A xmlns:s="u"><s:B x="1"><![CDATA[<&>]]>&#x41;&#66;</s:B><C/></s:A>`,
  );
  expect([root.name, textOf(root, "B"), textOf(root, "C")]).toEqual(["A", "<&>AB", ""]);
});

test.each([
  "",
  "text",
  "<a>",
  "<a></b>",
  "<a/><b/>",
  "<a>&nbsp;</a>",
  "<a>&</a>",
  `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
  `${"<a>".repeat(30)}${"</a>".repeat(30)}`,
])("refuses %j", (source) => {
  expect(() => parseXml(source)).toThrow(SyntaxError);
});
