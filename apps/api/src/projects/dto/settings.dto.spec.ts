import 'reflect-metadata';
import { PROJECT_SETTINGS, userValue } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../http/problems/api-error.js';
import { validationPipe } from '../../http/problems/validation.pipe.js';
import { UpdateProjectDto } from './update-project.dto.js';

/** Returns the fields that the API rejects. */
async function refusedFields(body: object): Promise<string[]> {
  try {
    await validationPipe().transform(body, { type: 'body', metatype: UpdateProjectDto });
    return [];
  } catch (error) {
    if (error instanceof ApiError) return error.errors.map(({ field }) => field);
    throw error;
  }
}

const bodyWith = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

describe('UpdateProjectDto', () => {
  it.each(PROJECT_SETTINGS)('accepts the default and the examples of %s', async (name, setting) => {
    const values = [userValue(setting, setting.default), ...(setting.examples ?? [])];
    for (const value of values) expect(await refusedFields(bodyWith(name, value))).toEqual([]);
  });

  it.each(PROJECT_SETTINGS)('rejects values of the wrong type for %s', async (name, setting) => {
    const values = [{ a: 1 }, '../..\0', -1, ...('nullable' in setting ? [] : [null])];
    for (const value of values) expect(await refusedFields(bodyWith(name, value))).toEqual([name]);
  });

  it.each(PROJECT_SETTINGS.filter(([, { kind }]) => kind === 'integer' || kind === 'number'))(
    'accepts %s at its bounds and rejects it beyond them',
    async (name, setting) => {
      if (!('least' in setting)) throw new Error(`${name} has no bounds`);
      const { least, most } = setting;
      for (const value of [least, most]) expect(await refusedFields(bodyWith(name, value))).toEqual([]);
      for (const value of [least - 1, most + 1]) {
        expect(await refusedFields(bodyWith(name, value))).toEqual([name]);
      }
    },
  );

  it.each(['build_args', 'env', 'hooks', 'build', 'app', 'services.mysql', 'branch_filter.only', 'settings'])(
    'rejects %s, which a project cannot set',
    async (name) => {
      expect(await refusedFields(bodyWith(name, {}))).toEqual([name]);
    },
  );
});
