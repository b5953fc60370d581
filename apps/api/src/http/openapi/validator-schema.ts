import type { MetadataStorage } from 'class-validator';
import type { Schema } from './schema.js';

/** One class-validator decorator on one property. */
export type Rule = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];
type Translation = (constraints: readonly unknown[]) => Schema;
const first = (constraints: readonly unknown[]) => constraints[0] as number;

/** The JSON Schema of each class-validator rule. */
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
/** Rules that do not restrict values. */
const STRUCTURE = new Set(['conditionalValidation', 'nestedValidation', 'whitelistValidation']);

/** Returns nothing for a pattern with flags other than `u`, which JSON Schema cannot express. */
function patternOf({ source, flags }: RegExp): Schema {
  return /[ims]/.test(flags) ? {} : { pattern: source };
}

/**
 * Translates the rules of one property to JSON Schema.
 *
 * @param isDescribed whether an `@ApiProperty` describes what custom rules mean
 * @throws {Error} for a custom rule on a property that is not described
 */
export function schemaOfRules(rules: readonly Rule[], isDescribed: boolean): Schema {
  const schema: Schema = {};
  for (const rule of rules) {
    const { name = rule.type } = rule;
    if (STRUCTURE.has(rule.type)) continue;
    const translate = RULES[name];
    if (translate === undefined) {
      if (isDescribed) continue;
      throw new Error(`the rule ${name} has no schema: describe it in an @ApiProperty`);
    }
    const translated = translate((rule.constraints as unknown[] | undefined) ?? []);
    if (rule.each) schema.items = add(schema.items ?? {}, translated);
    else add(schema, translated);
  }
  return schema;
}

/** Merges into a schema. JSON Schema allows one pattern, so two are combined with lookaheads. */
function add(schema: Schema, { pattern, ...rest }: Schema): Schema {
  Object.assign(schema, rest);
  if (pattern === undefined) return schema;
  const { pattern: other } = schema;
  schema.pattern = other === undefined ? pattern : `^(?=[\\s\\S]*(?:${pattern}))(?=[\\s\\S]*(?:${other}))`;
  return schema;
}
