import { containersSchema } from './containers/containers-schema.js';
import { SERVICE_STORAGE, SERVICE_VERSION } from './setting-rules.js';
import type { Setting } from './setting.js';
import {
  type JsonSchema,
  pathGlobsSchema,
  plainCommandSchema,
  scalarSchema,
  variablesSchema,
} from './value-schema.js';

/** Returns the JSON Schema of a setting's values as the API accepts them, without null. */
export function settingSchema(setting: Setting): JsonSchema {
  switch (setting.kind) {
    case 'service':
      return serviceSchema();
    case 'variables':
      return variablesSchema(setting);
    case 'command':
      return plainCommandSchema();
    case 'containers':
      return containersSchema(plainCommandSchema(), false);
    case 'path-globs':
      return pathGlobsSchema(setting);
    case 'globs':
      return { type: 'array', items: { type: 'string' }, maxItems: setting.atMost };
    default:
      return scalarSchema(setting);
  }
}

function serviceSchema(): JsonSchema {
  const orNull = ({ type, ...rules }: JsonSchema): JsonSchema => ({ type: [type, 'null'], ...rules });
  return {
    anyOf: [
      { type: 'boolean' },
      {
        type: 'object',
        properties: {
          enabled: { type: 'boolean' },
          version: orNull(scalarSchema(SERVICE_VERSION)),
          storage_mb: orNull(scalarSchema(SERVICE_STORAGE)),
        },
        additionalProperties: false,
      },
    ],
  };
}
