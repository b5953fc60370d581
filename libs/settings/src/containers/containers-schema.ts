import { MAX_CONTAINERS, RESERVED_CONTAINERS } from '@nexos/domain';
import { type JsonSchema, scalarSchema, variablesSchema } from '../value-schema.js';
import { CONTAINER_FIELDS, type ContainerFieldRules, EMPTY_IN_FILE, NAME } from './container-fields.js';

/**
 * Returns the JSON Schema of containers as users give them. It cannot tell duplicate and unknown names or circles from
 * valid ones.
 *
 * @param command the schema of a command
 * @param inFile whether they are those of a file
 */
export function containersSchema(command: JsonSchema, inFile: boolean): JsonSchema {
  const properties = Object.entries(CONTAINER_FIELDS).map(([name, field]) => {
    const { type, ...rules } = field.kind === 'command' ? command : fieldSchema(field);
    const schema = {
      description: field.description,
      ...(type !== undefined && { type: inFile && EMPTY_IN_FILE.includes(name) ? [type, 'null'] : type }),
      ...rules,
    };
    return [name, name === 'name' ? { ...schema, not: { enum: RESERVED_CONTAINERS } } : schema] as const;
  });
  const needs = (field: string, other: string) => ({ [field]: [other] });
  return {
    type: 'array',
    maxItems: MAX_CONTAINERS,
    items: {
      type: 'object',
      properties: Object.fromEntries(properties),
      required: ['name'],
      additionalProperties: false,
      dependentRequired: {
        ...needs('context', 'dockerfile'),
        ...needs('target', 'dockerfile'),
      },
      allOf: [
        { not: { required: ['image', 'dockerfile'] } },
        { not: { required: ['memory', 'memory_mb'] } },
        {
          if: { required: ['health_check_path'] },
          then: {
            anyOf: [
              { required: ['port'] },
              { properties: { public: { const: true } }, required: ['public'] },
            ],
          },
        },
      ],
    },
  };
}

function fieldSchema(field: Exclude<ContainerFieldRules, { kind: 'command' }>): JsonSchema {
  switch (field.kind) {
    case 'variables':
      return variablesSchema(field);
    case 'names':
      return { type: 'array', items: scalarSchema(NAME), maxItems: MAX_CONTAINERS, uniqueItems: true };
    default:
      return scalarSchema(field);
  }
}
