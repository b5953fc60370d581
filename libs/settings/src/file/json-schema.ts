import type { ServiceKind } from '@nexos/domain';
import { containersSchema } from '../containers/containers-schema.js';
import { NO_VERSIONS, type ServiceOffer } from '../service-offer.js';
import { type FileSetting, userValue } from '../setting.js';
import { SERVICE_STORAGE, SERVICE_VERSION } from '../setting-rules.js';
import {
  commandSchema,
  type JsonSchema,
  pathGlobsSchema,
  scalarSchema,
  variablesSchema,
} from '../value-schema.js';
import { aliasOf, type Field, FILE_SHAPE, isOffered, type Section } from './file-shape.js';

/**
 * Returns the JSON Schema of `nexos.yaml`, for editors. It accepts exactly what the parser accepts.
 *
 * @see https://json-schema.org/draft/2020-12
 */
export function repositoryConfigSchema(offer: ServiceOffer = NO_VERSIONS): JsonSchema {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schemaOf(FILE_SHAPE, offer) };
}

function schemaOf(field: Field, offer: ServiceOffer): JsonSchema {
  const { title, description, examples } = field;
  const initial = 'default' in field ? userValue(field, field.default) : null;
  return {
    title,
    description:
      'default' in field ? `${description} If left out, the project's setting applies.` : description,
    ...typeOf(field, offer),
    // The file has no null: it leaves the field out.
    ...(initial === null ? {} : { default: initial }),
    ...(examples === undefined ? {} : { examples }),
  };
}

function typeOf(field: Field, offer: ServiceOffer): JsonSchema {
  switch (field.kind) {
    case 'section':
      return isOffered(field)
        ? sectionType(field, offer)
        : { anyOf: [{ const: false }, sectionType(field, offer)] };
    case 'service':
      return serviceType(field, offer);
    case 'variables':
      return { ...variablesSchema(field), type: ['object', 'null'] };
    case 'command':
      return commandSchema();
    case 'containers':
      return { anyOf: [{ enum: [false, null] }, containersSchema(commandSchema(), true)] };
    case 'path-globs':
      return pathGlobsSchema(field);
    case 'unoffered-service':
      return { anyOf: [{ const: false }, optionsType({ enabled: { const: false } }, ['enabled'])] };
    case 'unoffered':
      return { enum: field.harmless };
    default:
      return scalarSchema(field);
  }
}

/** A field with two names may have only one of them in a file. */
function sectionType({ fields }: Section, offer: ServiceOffer): JsonSchema {
  const properties = Object.entries(fields).flatMap(([name, field]) => {
    const schema = schemaOf(field, offer);
    const alias = aliasOf(field);
    return alias === undefined
      ? [[name, schema] as const]
      : ([
          [name, schema],
          [alias, schema],
        ] as const);
  });
  const pairs = Object.entries(fields).flatMap(([name, field]) => {
    const alias = aliasOf(field);
    return alias === undefined ? [] : [{ not: { type: 'object', required: [name, alias] } }];
  });
  return {
    // Null where everything below is commented out.
    type: ['object', 'null'],
    properties: Object.fromEntries(properties),
    additionalProperties: false,
    ...(pairs.length === 0 ? {} : { allOf: pairs }),
  };
}

function serviceType({ file }: FileSetting, offer: ServiceOffer): JsonSchema {
  const offered = offer[file.slice(file.lastIndexOf('.') + 1) as ServiceKind];
  // A version may be written as a number if that number is written like it: 1.10 must be quoted.
  const numbers = offered.map(Number).filter((version) => offered.includes(String(version)));
  const versions =
    offered.length === 0 ? { version: false } : { version: { enum: [...offered, ...numbers] } };
  return {
    anyOf: [
      { type: 'boolean' },
      optionsType({ enabled: { const: true }, ...versions }, []),
      optionsType({ enabled: { const: false } }, ['enabled']),
    ],
  };
}

function optionsType(properties: JsonSchema, required: readonly string[]): JsonSchema {
  return {
    type: 'object',
    properties: {
      version: { ...scalarSchema(SERVICE_VERSION), type: ['string', 'number'] },
      storageMb: scalarSchema(SERVICE_STORAGE),
      ...properties,
    },
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}
