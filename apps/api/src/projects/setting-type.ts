import type { ProjectSetting } from '@nexos/settings';
import type { ApiPropertyOptions } from '@nestjs/swagger';

const TYPES = {
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  service: 'boolean',
  text: 'string',
  globs: [String],
} as const;

/** Returns the OpenAPI options for the values of a setting, in bodies and responses. */
export function settingType(setting: ProjectSetting): ApiPropertyOptions {
  const { kind, examples: [example] = [] } = setting;
  return {
    type: TYPES[kind],
    ...(isNullable(setting) ? { nullable: true } : {}),
    ...(example === undefined ? {} : { example }),
  } as ApiPropertyOptions;
}

export function isNullable(setting: ProjectSetting): boolean {
  return 'nullable' in setting;
}
