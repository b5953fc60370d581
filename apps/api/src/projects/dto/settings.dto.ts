import { userValue, type ProjectSetting, type SettingsChange } from '@nexos/settings';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { Optional, OptionalOrNull } from '../../http/optional.decorator.js';
import { settingsClass } from '../settings-class.js';
import { isNullable, settingType } from '../setting-type.js';
import { SettingRules } from './setting-rules.decorator.js';

/** The settings of a project in a body; all optional. */
export const SettingsDto = settingsClass<SettingsChange>('Dto', {
  setting: (setting) =>
    applyDecorators(
      ApiProperty({ ...settingType(setting), description: describe(setting) }),
      isNullable(setting) ? OptionalOrNull() : Optional(),
      SettingRules(setting),
    ),
  section: (type) =>
    applyDecorators(
      ApiProperty({ type }),
      Optional(),
      IsObject({ message: 'must be an object' }),
      ValidateNested(),
      Type(() => type),
    ),
});

function describe(setting: ProjectSetting): string {
  const initial = userValue(setting, setting.default);
  const isInDescription = initial === null || Array.isArray(initial);
  return isInDescription
    ? setting.description
    : `${setting.description} Default: \`${JSON.stringify(initial)}\`.`;
}
