import {
  ARGUMENT,
  MAX_ARGUMENT,
  MAX_ARGUMENTS,
  MAX_PATH_GLOB,
  MAX_VARIABLE_VALUE,
  PATH_GLOB,
  VARIABLE_VALUE,
} from '@nexos/domain';
import type { BooleanRules, NumberRules, PathGlobsRules, TextRules, VariablesRules } from './setting.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const ARGUMENT_TYPE = { type: 'string', pattern: ARGUMENT.source, maxLength: MAX_ARGUMENT };
const ARGUMENTS_TYPE = { type: 'array', items: ARGUMENT_TYPE, minItems: 1, maxItems: MAX_ARGUMENTS };

export function scalarSchema(rules: NumberRules | BooleanRules | TextRules): JsonSchema {
  switch (rules.kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'text':
      if (rules.choices !== undefined) return { type: 'string', enum: rules.choices };
      return { type: 'string', pattern: rules.pattern.source, maxLength: rules.longest };
    default:
      return { type: rules.kind, minimum: rules.least, maximum: rules.most };
  }
}

export function variablesSchema({ names, atMost }: VariablesRules): JsonSchema {
  return {
    type: 'object',
    propertyNames: { pattern: names.source },
    additionalProperties: {
      type: ['string', 'number', 'boolean'],
      // These rules apply to strings only.
      pattern: VARIABLE_VALUE.source,
      maxLength: MAX_VARIABLE_VALUE,
    },
    maxProperties: atMost,
  };
}

export function pathGlobsSchema({ atMost }: PathGlobsRules): JsonSchema {
  const items = { type: 'string', pattern: PATH_GLOB.source, maxLength: MAX_PATH_GLOB };
  return { type: 'array', items, maxItems: atMost };
}

export function commandSchema(): JsonSchema {
  const first = { ...ARGUMENT_TYPE, minLength: 1 };
  return { anyOf: [first, { ...ARGUMENTS_TYPE, prefixItems: [first] }] };
}

/** Returns the schema of a command for generated clients, which take `prefixItems` for a list of exactly one argument. */
export function plainCommandSchema(): JsonSchema {
  return { anyOf: [{ ...ARGUMENT_TYPE, minLength: 1 }, ARGUMENTS_TYPE] };
}
