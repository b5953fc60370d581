import { settingProblem, userValue, type Setting, type SettingsChange } from '@nexos/settings';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Type } from 'class-transformer';
import { IsObject, ValidateNested } from 'class-validator';
import { Optional, OptionalOrNull } from '../../http/optional.decorator.js';
import { settingsClass } from '../settings-class.js';
import { isNullable, settingType } from '../setting-type.js';
import { Conforms } from '../../http/conforms.decorator.js';

/** The settings of a project in a body; all optional. */
export const SettingsDto = settingsClass<SettingsChange>('Dto', {
  setting: (setting) =>
    applyDecorators(
      ApiProperty({ ...settingType(setting), description: describe(setting) }),
      isNullable(setting) ? OptionalOrNull() : Optional(),
      Conforms((value) => problemOf(setting, value)),
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

function problemOf(setting: Setting, value: unknown): string | null {
  const problem = settingProblem(setting, value);
  // Null has the wrong type, so this problem says which values are accepted; others are about a part of the value.
  const isAboutType = isNullable(setting) && problem === settingProblem(setting, null);
  return isAboutType ? `${problem}, or null` : problem;
}

function describe(setting: Setting): string {
  const initial = userValue(setting, setting.default);
  const isInDescription = initial === null || typeof initial === 'object';
  return isInDescription
    ? setting.description
    : `${setting.description} Default: \`${JSON.stringify(initial)}\`.`;
}
