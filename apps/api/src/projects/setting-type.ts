import { settingSchema, type Setting } from '@nexos/settings';
import type { ApiPropertyOptions } from '@nestjs/swagger';

/** Returns the OpenAPI options for the values of a setting, in bodies and responses. */
export function settingType(setting: Setting): ApiPropertyOptions {
  const { examples: [example] = [] } = setting;
  return {
    // Swagger needs a type, and drops it where there is `anyOf`.
    type: 'object',
    ...settingSchema(setting),
    ...(isNullable(setting) ? { nullable: true } : {}),
    ...(example === undefined ? {} : { example }),
  } as ApiPropertyOptions;
}

export function isNullable(setting: Setting): boolean {
  return setting.nullable === true;
}
