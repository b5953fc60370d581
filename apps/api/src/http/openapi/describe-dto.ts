import type { Type } from '@nestjs/common';
import { ApiProperty, DECORATORS, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import { schemaOfRules, type Rule } from './validator-schema.js';

/** The options of an `@ApiProperty` that we read. */
interface DeclaredOptions {
  readonly type?: unknown;
  readonly isArray?: boolean;
}

/**
 * Describes a body or a query in the OpenAPI document from its class-validator decorators, so that nothing is declared
 * twice. Keeps what an `@ApiProperty` declares itself (an example, a description). Leaves other classes alone.
 *
 * @throws {Error} for a property whose schema does not follow from its rules, and that has no `@ApiProperty`
 */
export function describeDto(type: Type): void {
  const prototype = type.prototype as object;
  const defaults = new type() as Record<string, unknown>;
  for (const [property, rules] of rulesOf(type)) {
    const declared = declaredOptions(prototype, property);
    const nested = nestedType(prototype, property, declared);
    if (nested !== undefined && rulesOf(nested).size > 0) describeDto(nested);
    const value = defaults[property];
    const derived = {
      ...(nested === undefined ? schemaOf(type, property, rules, declared) : { type: nested }),
      ...(rules.some((rule) => rule.type === 'conditionalValidation') ? { required: false } : {}),
      ...(value === undefined || isObject(value) ? {} : { default: value }),
    };
    ApiProperty({ ...derived, ...declared } as ApiPropertyOptions)(prototype, property);
  }
}

/** Returns whether a class has validation rules, as bodies and queries have. */
export function isDto(type: unknown): type is Type {
  return typeof type === 'function' && rulesOf(type as Type).size > 0;
}

function rulesOf(type: Type): Map<string, Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    rules.set(rule.propertyName, [...(rules.get(rule.propertyName) ?? []), rule]);
  }
  return rules;
}

/** Excludes lists, which are documented as defaults; objects have the defaults of their own fields. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Drops the type that swagger takes from the compiler, since the rules are more precise. */
function declaredOptions(prototype: object, property: string): DeclaredOptions {
  const known = Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES, prototype, property) as
    DeclaredOptions | undefined;
  if (known === undefined) return {};
  const { type, ...rest } = known;
  return type === undefined || type === Reflect.getMetadata('design:type', prototype, property)
    ? rest
    : { type, ...rest };
}

/** Returns the class of an object, or of the items of a list if an `@ApiProperty` names it. */
function nestedType(prototype: object, property: string, declared: DeclaredOptions): Type | undefined {
  const type: unknown = declared.type ?? Reflect.getMetadata('design:type', prototype, property);
  const isLazy = typeof type === 'function' && !('prototype' in type);
  const named: unknown = isLazy ? (type as () => unknown)() : type;
  const one: unknown = Array.isArray(named) ? named[0] : named;
  return isDto(one) ? one : undefined;
}

function schemaOf(type: Type, property: string, rules: readonly Rule[], declared: DeclaredOptions): object {
  try {
    const { items, ...schema } = schemaOfRules(rules, declared.type !== undefined);
    return items === undefined ? schema : { ...schema, type: 'array', items };
  } catch (error) {
    throw new Error(`${type.name}.${property}: ${(error as Error).message}`, { cause: error });
  }
}
