import type { Type } from '@nestjs/common';
import { ApiProperty, DECORATORS, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import { schemaOfRules, type Rule } from './validator-schema.js';

interface Told {
  readonly type?: unknown;
  readonly isArray?: boolean;
}

/**
 * Tells the OpenAPI document what class-validator's decorators say of a body or query, so that nothing has to be said
 * twice. What an `@ApiProperty` says itself (an example, a description) stays. Other classes are left alone.
 *
 * @throws {Error} for a property whose values cannot be told from its rules, and that has no `@ApiProperty`
 */
export function describeDto(type: Type): void {
  const prototype = type.prototype as object;
  const defaults = new type() as Record<string, unknown>;
  for (const [property, rules] of rulesOf(type)) {
    const said = saidOf(prototype, property);
    const nested = nestedType(prototype, property, said);
    if (nested !== undefined && rulesOf(nested).size > 0) describeDto(nested);
    const value = defaults[property];
    const told = {
      ...(nested === undefined ? schemaOf(type, property, rules, said) : { type: nested }),
      ...(rules.some((rule) => rule.type === 'conditionalValidation') ? { required: false } : {}),
      ...(value === undefined || isObject(value) ? {} : { default: value }),
    };
    ApiProperty({ ...told, ...said } as ApiPropertyOptions)(prototype, property);
  }
}

/** Whether a class has rules for its properties: it is a body or a query. */
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

/** Lists are told as defaults, as they are; objects have the defaults of their own fields. */
function isObject(value: unknown): boolean {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Without the type that swagger takes from the compiler, which knows less than the rules do. */
function saidOf(prototype: object, property: string): Told {
  const known = Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES, prototype, property) as Told | undefined;
  if (known === undefined) return {};
  const { type, ...rest } = known;
  return type === undefined || type === Reflect.getMetadata('design:type', prototype, property)
    ? rest
    : { type, ...rest };
}

/** The class of an object, or of a list's objects where an `@ApiProperty` names it. */
function nestedType(prototype: object, property: string, said: Told): Type | undefined {
  const type: unknown = said.type ?? Reflect.getMetadata('design:type', prototype, property);
  const isLazy = typeof type === 'function' && !('prototype' in type);
  const named: unknown = isLazy ? (type as () => unknown)() : type;
  const one: unknown = Array.isArray(named) ? named[0] : named;
  return isDto(one) ? one : undefined;
}

function schemaOf(type: Type, property: string, rules: readonly Rule[], said: Told): object {
  try {
    const { items, ...schema } = schemaOfRules(rules, said.type !== undefined);
    return items === undefined ? schema : { ...schema, type: 'array', items };
  } catch (error) {
    throw new Error(`${type.name}.${property}: ${(error as Error).message}`, { cause: error });
  }
}
