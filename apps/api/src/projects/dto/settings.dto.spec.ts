import 'reflect-metadata';
import { PROJECT_SETTINGS, userValue } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { ApiError, type FieldError } from '../../http/problems/api-error.js';
import { validationPipe } from '../../http/problems/validation.pipe.js';
import { UpdateProjectDto } from './update-project.dto.js';

/** Returns why the API rejects a body. */
async function problemsOf(body: object): Promise<readonly FieldError[]> {
  try {
    await validationPipe().transform(body, { type: 'body', metatype: UpdateProjectDto });
    return [];
  } catch (error) {
    if (error instanceof ApiError) return error.errors;
    throw error;
  }
}

const refusedFields = async (body: object): Promise<string[]> =>
  (await problemsOf(body)).map(({ field }) => field);

const bodyWith = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;

describe('UpdateProjectDto', () => {
  it.each(PROJECT_SETTINGS)('accepts the default and the examples of %s', async (name, setting) => {
    const values = [userValue(setting, setting.default), ...(setting.examples ?? [])];
    for (const value of values) expect(await refusedFields(bodyWith(name, value))).toEqual([]);
  });

  it.each(PROJECT_SETTINGS)('rejects values of the wrong type for %s', async (name, setting) => {
    const values = [{ a: { b: 1 } }, '../..\0', -1, ...('nullable' in setting ? [] : [null])];
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

  it.each([
    ['hooks.on_deploy', true, 'must be a command: a string, or a list of strings, or null'],
    ['hooks.on_deploy', [1], 'is invalid at index 0: must be a string'],
    ['hooks.on_deploy', [], 'must have 1 to 64 arguments'],
    ['hooks.on_deploy', '', 'must not be empty'],
    ['hooks.seed', 'a'.repeat(256), 'must have at most 255 characters'],
    ['hooks.seed', 1, 'must be a path inside the repository, relative to its root, or null'],
    ['sleep_after_minutes', 'x', 'must be a whole number from 5 to 43200, or null'],
    ['auto_deploy', 1, 'must be true or false'],
  ])('says whether %s may be null, if it has the wrong type: case %#', async (name, value, message) => {
    expect(await problemsOf(bodyWith(name, value))).toEqual([{ field: name, message }]);
  });

  it.each([
    'hooks.on_start',
    'build',
    'app',
    'containers',
    'services.mongodb',
    'services.mysql',
    'branch_filter.only',
    'settings',
  ])('rejects %s, which a project cannot set', async (name) => {
    expect(await refusedFields(bodyWith(name, {}))).toEqual([name]);
  });

  it.each([
    [{ services: { postgres: { enabled: true, version: '16', storage_mb: 5120 } } }, []],
    [{ services: { postgres: { version: null, storage_mb: null } } }, []],
    [{ services: { postgres: { storageMb: 5120 } } }, ['services.postgres']],
    [{ services: { postgres: { version: 16 } } }, ['services.postgres']],
    [{ services: { postgres: { enabled: null } } }, ['services.postgres']],
    [{ services: { postgres: [] } }, ['services.postgres']],
    [{ env: { PORT: '1' } }, ['env']],
    [{ env: { A: null } }, ['env']],
    [{ env: { A: 'x'.repeat(32_769) } }, ['env']],
    [{ env: Object.fromEntries(['A', 'B', 'C'].map((name) => [name, 'x'.repeat(30_000)])) }, ['env']],
    [{ env: { A: 1.5, B: true, C: '' } }, []],
    [{ build_args: { BUILDKIT_SYNTAX: 'x' } }, ['build_args']],
    [{ hooks: { on_deploy: ['npm', 'run', 'migrate'], on_new: null } }, []],
    [{ hooks: { on_deploy: '' } }, ['hooks.on_deploy']],
    [{ hooks: { on_deploy: [] } }, ['hooks.on_deploy']],
    [{ hooks: { on_deploy: ['a', 1] } }, ['hooks.on_deploy']],
    [{ hooks: { seed: '../dump.sql' } }, ['hooks.seed']],
  ])('checks structured settings: %j', async (body, fields) => {
    expect(await refusedFields(body)).toEqual(fields);
  });
});
