import { BRANCH_GLOB_RULE, isBranchGlob } from '@nexos/domain';
import type { ProjectSetting } from '@nexos/settings';
import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { isNullable } from '../setting-type.js';

/** Validates a property by the rules of a setting. */
export function SettingRules(setting: ProjectSetting): PropertyDecorator {
  switch (setting.kind) {
    case 'boolean':
    case 'service':
      return IsBoolean({ message: 'must be true or false' });
    case 'text':
      return applyDecorators(
        Matches(setting.pattern, { message: setting.rule }),
        MaxLength(setting.longest, { message: `must have at most ${setting.longest} characters` }),
      );
    case 'globs':
      return applyDecorators(
        IsArray({ message: 'must be a list of globs' }),
        ArrayMaxSize(setting.atMost, { message: `must have at most ${setting.atMost} globs` }),
        Conforms(globsProblem),
      );
    case 'integer':
    case 'number':
      return applyDecorators(
        IsNumberOf(setting.kind, isNullable(setting) ? ', or null' : ''),
        Min(setting.least, { message: `must be at least ${setting.least}` }),
        Max(setting.most, { message: `must be at most ${setting.most}` }),
      );
  }
}

function IsNumberOf(kind: 'integer' | 'number', orNull: string): PropertyDecorator {
  if (kind === 'integer') return IsInt({ message: `must be a whole number${orNull}` });
  return IsNumber({ allowInfinity: false, allowNaN: false }, { message: `must be a number${orNull}` });
}

function globsProblem(list: unknown): string | null {
  if (!Array.isArray(list)) return null;
  const invalid = list.findIndex((glob) => typeof glob !== 'string' || !isBranchGlob(glob));
  return invalid === -1 ? null : `is invalid at index ${invalid}: each ${BRANCH_GLOB_RULE}`;
}
