import { NormalizedSchema } from "@smithy/core/schema";

type SchemaLike = Parameters<typeof NormalizedSchema.of>[0];
type Json = Record<string, unknown>;

/** Allowed values per member, keyed `StructName.MemberName`. The SDK's runtime schemas carry names and types but no enum values. */
export type EnumTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A request does not fit the service's model; `path` is a JSON pointer into the body. */
export class ModelViolation extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path === "" ? "/" : path}: ${problem}`);
    this.name = "ModelViolation";
    this.path = path;
  }
}

function isPlainObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wireName(memberName: string, member: NormalizedSchema): string {
  return (member.getMergedTraits().jsonName as string | undefined) ?? memberName;
}

/** A static structure schema is `[id, namespace, name, traits, memberNames, memberSchemas, requiredCount]`; required members come first. */
function requiredCount(schema: NormalizedSchema): number {
  const parts = schema.getSchema() as unknown as readonly unknown[];
  return typeof parts[6] === "number" ? parts[6] : 0;
}

function readStruct(schema: NormalizedSchema, wire: unknown, path: string, enums: EnumTable): Json {
  if (!isPlainObject(wire)) throw new ModelViolation(path, "should be an object");
  const model: Json = {};
  const known = new Set<string>();
  const required = requiredCount(schema);
  let position = 0;
  for (const [memberName, member] of schema.structIterator()) {
    const name = wireName(memberName, member);
    known.add(name);
    const value = wire[name];
    if (value !== undefined && value !== null) {
      model[memberName] = readValue(member, value, `${path}/${name}`, enums);
      checkEnum(enums[`${schema.getName()}.${memberName}`], value, `${path}/${name}`);
    } else if (position < required) throw new ModelViolation(path, `is missing the required property ${name}`);
    position += 1;
  }
  for (const name of Object.keys(wire)) {
    if (!known.has(name)) throw new ModelViolation(`${path}/${name}`, "is not a property of this object");
  }
  return model;
}

function checkEnum(allowed: Readonly<Record<string, string>> | undefined, value: unknown, path: string): void {
  if (allowed === undefined || Object.values(allowed).includes(value as string)) return;
  throw new ModelViolation(path, `should be one of ${Object.values(allowed).join(", ")}`);
}

function readScalar(schema: NormalizedSchema, wire: unknown, path: string): unknown {
  if (schema.isTimestampSchema()) {
    if (typeof wire !== "number") throw new ModelViolation(path, "should be a number of epoch seconds");
    return new Date(wire * 1000);
  }
  if (schema.isBlobSchema()) {
    if (typeof wire !== "string") throw new ModelViolation(path, "should be base64 text");
    return Buffer.from(wire, "base64");
  }
  if (schema.isStringSchema() && typeof wire !== "string") throw new ModelViolation(path, "should be a string");
  if (schema.isNumericSchema() && typeof wire !== "number") throw new ModelViolation(path, "should be a number");
  if (schema.isBooleanSchema() && typeof wire !== "boolean") throw new ModelViolation(path, "should be a boolean");
  return wire;
}

function readValue(schema: NormalizedSchema, wire: unknown, path: string, enums: EnumTable): unknown {
  if (schema.isStructSchema()) return readStruct(schema, wire, path, enums);
  if (schema.isListSchema()) {
    if (!Array.isArray(wire)) throw new ModelViolation(path, "should be an array");
    return wire.map((item, index) => readValue(schema.getValueSchema(), item, `${path}/${index}`, enums));
  }
  if (schema.isMapSchema()) {
    if (!isPlainObject(wire)) throw new ModelViolation(path, "should be an object");
    const entries = Object.entries(wire).map(([key, item]) => [
      key,
      readValue(schema.getValueSchema(), item, `${path}/${key}`, enums),
    ]);
    return Object.fromEntries(entries);
  }
  return readScalar(schema, wire, path);
}

/**
 * Reads a JSON body with the AWS SDK's own runtime schema into the SDK's input type: unknown names, wrong types, absent required members and (for
 * members listed in `enums`) unknown values throw `ModelViolation`. `null` counts as absent, as on the real services.
 */
export function readModel<T>(schema: SchemaLike, wire: unknown, enums: EnumTable = {}): T {
  return readValue(NormalizedSchema.of(schema), wire, "", enums) as T;
}

function writeValue(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isStructSchema()) {
    const wire: Json = {};
    for (const [memberName, member] of schema.structIterator()) {
      const memberValue = (value as Json)[memberName];
      if (memberValue !== undefined) wire[wireName(memberName, member)] = writeValue(member, memberValue);
    }
    return wire;
  }
  if (schema.isListSchema()) return (value as unknown[]).map((item) => writeValue(schema.getValueSchema(), item));
  if (schema.isMapSchema()) {
    const entries = Object.entries(value as Json).map(([key, item]) => [
      key,
      writeValue(schema.getValueSchema(), item),
    ]);
    return Object.fromEntries(entries);
  }
  if (value instanceof Date) return value.getTime() / 1000;
  return value;
}

/** The JSON the real service would send for a value of the SDK's output type (member names of the wire, times as epoch seconds). */
export function writeModel(schema: SchemaLike, value: unknown): unknown {
  return writeValue(NormalizedSchema.of(schema), value);
}
