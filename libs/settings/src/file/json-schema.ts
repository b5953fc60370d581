import { ARGUMENT, MAX_ARGUMENT, MAX_ARGUMENTS, MAX_VARIABLE_VALUE, VARIABLE_VALUE } from '@nexos/domain';
import { type FileSetting, userValue } from '../setting.js';
import { type Field, FILE_SHAPE, type Section } from './file-shape.js';

type KindOf<Kind> = Extract<FileSetting, { kind: Kind }>;

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Returns the JSON Schema of `nexos.yaml`, for editors. It accepts exactly what the parser accepts.
 *
 * @see https://json-schema.org/draft/2020-12
 */
export function repositoryConfigSchema(): JsonSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schemaOf(FILE_SHAPE) };
}

function schemaOf(field: Field): JsonSchema {
  const { title, description, examples } = field;
  const isOfProject = field.kind !== 'section' && field.project === true;
  return {
    title,
    description: isOfProject ? `${description} If left out, the project's setting applies.` : description,
    ...typeOf(field),
    ...(isOfProject ? { default: userValue(field, field.default) } : {}),
    ...(examples === undefined ? {} : { examples }),
  };
}

function typeOf(field: Field): JsonSchema {
  switch (field.kind) {
    case 'section':
      return sectionType(field);
    case 'integer':
    case 'number':
      return numberType(field);
    case 'boolean':
    case 'service':
      return { type: 'boolean' };
    case 'text':
      return textType(field);
    case 'variables':
      return variablesType(field);
    case 'command':
      return commandType();
  }
}

function sectionType({ fields }: Section): JsonSchema {
  const properties = Object.entries(fields).map(([name, field]) => [name, schemaOf(field)] as const);
  return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
}

function numberType({ kind, least, most }: KindOf<'integer' | 'number'>): JsonSchema {
  return { type: kind, minimum: least, maximum: most };
}

function textType({ pattern, longest }: KindOf<'text'>): JsonSchema {
  return { type: 'string', pattern: pattern.source, maxLength: longest };
}

function variablesType({ names, atMost }: KindOf<'variables'>): JsonSchema {
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

function commandType(): JsonSchema {
  const argument = { type: 'string', pattern: ARGUMENT.source, maxLength: MAX_ARGUMENT };
  return {
    anyOf: [
      { ...argument, minLength: 1 },
      {
        type: 'array',
        prefixItems: [{ ...argument, minLength: 1 }],
        items: argument,
        minItems: 1,
        maxItems: MAX_ARGUMENTS,
      },
    ],
  };
}
