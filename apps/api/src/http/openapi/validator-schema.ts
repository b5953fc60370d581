import type { MetadataStorage } from 'class-validator';
import type { Schema } from './schema.js';

/** One decorator of class-validator's on one property. */
export type Rule = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];
type Translation = (constraints: readonly unknown[]) => Schema;
const first = (constraints: readonly unknown[]) => constraints[0] as number;

/** What each of class-validator's rules means in JSON Schema. */
const RULES: Readonly<Record<string, Translation>> = {
  isString: () => ({ type: 'string' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isObject: () => ({ type: 'object' }),
  isArray: () => ({ type: 'array' }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isUrl: () => ({ type: 'string', format: 'uri' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isRfc3339: () => ({ type: 'string', format: 'date-time' }),
  isDateString: () => ({ type: 'string', format: 'date-time' }),
  isNotEmpty: () => ({ minLength: 1 }),
  isIn: (constraints) => ({ enum: [...(constraints[0] as unknown[])] }),
  isEnum: (constraints) => ({ enum: Object.values(constraints[0] as object) }),
  equals: (constraints) => ({ const: constraints[0] }),
  min: (constraints) => ({ minimum: first(constraints) }),
  max: (constraints) => ({ maximum: first(constraints) }),
  minLength: (constraints) => ({ minLength: first(constraints) }),
  maxLength: (constraints) => ({ maxLength: first(constraints) }),
  isLength: ([min, max]) => ({
    ...(min === undefined ? {} : { minLength: min as number }),
    ...(max === undefined ? {} : { maxLength: max as number }),
  }),
  arrayMinSize: (constraints) => ({ minItems: first(constraints) }),
  arrayMaxSize: (constraints) => ({ maxItems: first(constraints) }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({}),
  matches: (constraints) => ({ type: 'string', ...patternOf(constraints[0] as RegExp) }),
};
/** They say when, or of what class; not what values there may be. */
const STRUCTURE = new Set(['conditionalValidation', 'nestedValidation', 'whitelistValidation']);

/** JSON Schema knows no flags and takes all patterns as with `u`; what needs another flag cannot be told. */
function patternOf({ source, flags }: RegExp): Schema {
  return /[ims]/.test(flags) ? {} : { pattern: source };
}

/**
 * What the rules of one property say, as JSON Schema.
 *
 * @param isTold whether the property says by itself what our own rules mean
 * @throws {Error} for a rule that is none of class-validator's common ones
 */
export function schemaOfRules(rules: readonly Rule[], isTold: boolean): Schema {
  const schema: Schema = {};
  for (const rule of rules) {
    const { name = rule.type } = rule;
    if (STRUCTURE.has(rule.type)) continue;
    const translate = RULES[name];
    if (translate === undefined) {
      if (isTold) continue;
      throw new Error(`say in an @ApiProperty what the rule ${name} means`);
    }
    const told = translate((rule.constraints as unknown[] | undefined) ?? []);
    if (rule.each) schema.items = add(schema.items ?? {}, told);
    else add(schema, told);
  }
  return schema;
}

/** JSON Schema has one pattern; a second one is looked for from the same beginning. */
function add(schema: Schema, { pattern, ...rest }: Schema): Schema {
  Object.assign(schema, rest);
  if (pattern === undefined) return schema;
  const { pattern: other } = schema;
  schema.pattern = other === undefined ? pattern : `^(?=[\\s\\S]*(?:${pattern}))(?=[\\s\\S]*(?:${other}))`;
  return schema;
}
