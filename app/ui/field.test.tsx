import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { RadioGroup, TextArea, TextField } from "./field.tsx";

const attribute = (markup: string, element: string, name: string) =>
  new RegExp(`<${element}[^>]*\\s${name}="([^"]*)"`).exec(markup)?.[1];

it("names a field by its label and reads hint and error with it", () => {
  const markup = renderToStaticMarkup(
    <TextField id="mail" label="Email" hint="Nobody sees this." error="Not an address." />,
  );
  expect(attribute(markup, "label", "for")).toBe("mail");
  expect(attribute(markup, "input", "aria-describedby")).toBe("mail-hint mail-error");
  expect(attribute(markup, "input", "aria-invalid")).toBe("true");
  expect(markup).toMatch(/id="mail-hint"[^>]*>Nobody sees this\./);
  expect(markup).toMatch(/id="mail-error"[^>]*>.*Not an address\./);
});

it("does not call a field invalid before anything is wrong", () => {
  const markup = renderToStaticMarkup(<TextArea label="About" />);
  expect(markup).not.toContain("aria-invalid");
  expect(markup).not.toContain("aria-describedby");
});

it("gives every field an id of its own", () => {
  const markup = renderToStaticMarkup(
    <>
      <TextField label="First" />
      <TextField label="Second" />
    </>,
  );
  const ids = [...markup.matchAll(/<input[^>]*\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(2);
});

it("holds choices together under one legend with the default chosen", () => {
  const markup = renderToStaticMarkup(
    <RadioGroup
      label="Visibility"
      name="visibility"
      defaultValue="private"
      options={[
        { value: "public", label: "Public" },
        { value: "private", label: "Private" },
      ]}
    />,
  );
  expect(markup).toMatch(/<fieldset[^>]*><legend[^>]*>Visibility/);
  expect(markup.match(/checked=""/g)).toHaveLength(1);
  expect(markup).toMatch(/<input[^>]*value="private"[^>]*checked=""|<input[^>]*checked=""[^>]*value="private"/);
});
