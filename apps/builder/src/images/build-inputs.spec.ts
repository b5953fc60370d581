import { IngressConfig } from '@nexos/config';
import { DecryptedVariables, type RegistryLogins } from '@nexos/env-vars';
import { deploymentSettings } from '@nexos/settings';
import type { EnvironmentsRepository } from '@nexos/state';
import { describe, expect, it } from 'vitest';
import type { BuildTask } from '../builds/build-task.js';
import { BuildInputsReader } from './build-inputs.js';

const SHA = 'a'.repeat(40);
const LOGIN = { host: 'ghcr.io', user: 'acme', password: 'a-password-of-ghcr' };

type Rows = ConstructorParameters<typeof DecryptedVariables>[0];
const row = (key: string, value: string, changes: Partial<Rows[number]> = {}): Rows[number] => ({
  key,
  value,
  branch: '',
  isSecret: true,
  ...changes,
});

async function read(rows: Rows, settings: object = {}, dockerfile = 'FROM scratch\n', branch = 'main') {
  const redacted: string[] = [];
  const reader = new BuildInputsReader(
    { get: () => Promise.resolve({ hostname: 'main-shop' }) } as unknown as EnvironmentsRepository,
    { open: () => Promise.resolve(new Map([[LOGIN.host, LOGIN]])) } as unknown as RegistryLogins,
    Object.assign(new IngressConfig(), { baseDomain: 'example.test', publicScheme: 'http' }),
  );
  const task = {
    deployment: { branch, environmentId: 'env_1' },
    project: { id: 'proj_1' },
    variables: new DecryptedVariables(rows),
    log: { redactAlso: (secrets: string[]) => redacted.push(...secrets) },
  } as unknown as BuildTask;
  const inputs = await reader.read(task, deploymentSettings(settings), SHA);
  return {
    secrets: inputs.secrets,
    args: inputs.buildArgs(dockerfile),
    credentials: inputs.credentials,
    redacted,
  };
}

describe('BuildInputsReader', () => {
  it('gives a pull request of a fork neither variables nor credentials, whatever globs match', async () => {
    const rows = [
      row('TOKEN', 'for all', { build: 'secret' }),
      row('LEVEL', 'for all', { build: 'arg' }),
      row('OTHER', 'for its name', { build: 'secret', branch: 'pull*' }),
      row('ANY', 'for any', { build: 'secret', branch: '**' }),
    ];
    const dockerfile = 'FROM scratch\nARG NEXOS_COMMIT\n';
    const inputs = await read(rows, { build_args: { MODE: 'its own' } }, dockerfile, 'pull:5');
    expect(inputs.secrets).toEqual({});
    expect(inputs.args).toEqual({ NEXOS_COMMIT: SHA, MODE: 'its own' });
    expect([...inputs.credentials]).toEqual([]);
  });

  it('gives builds only the variables that they are to have, byte for byte', async () => {
    const value = ' -----BEGIN\r\n$HOME ${X} $$ ü\n';
    const rows = [
      row('TOKEN', value, { build: 'secret' }),
      row('LEVEL', '1', { build: 'arg' }),
      row('APP', 'x'),
    ];
    const inputs = await read(rows);
    expect(inputs.secrets).toEqual({ TOKEN: value });
    expect(inputs.args).toEqual({ LEVEL: '1' });
  });

  it('takes the value for the branch, and its use', async () => {
    const rows = [
      row('TOKEN', 'for all', { build: 'secret' }),
      row('TOKEN', 'for main', { build: 'secret', branch: 'main' }),
      row('OTHER', 'for all', { build: 'secret' }),
      row('OTHER', 'for main', { branch: 'main' }),
    ];
    expect((await read(rows)).secrets).toEqual({ TOKEN: 'for main' });
  });

  it('adds the arguments of Nexos that the Dockerfile declares, below those that are set', async () => {
    const dockerfile = 'FROM scratch\nARG NEXOS_COMMIT\nARG NEXOS_URL\nARG NEXOS_BRANCH\n';
    const settings = { build_args: { NEXOS_BRANCH: 'mine', LEVEL: 'file' } };
    expect((await read([row('LEVEL', 'variable', { build: 'arg' })], settings, dockerfile)).args).toEqual({
      NEXOS_COMMIT: SHA,
      NEXOS_URL: expect.stringContaining('main-shop') as string,
      NEXOS_BRANCH: 'mine',
      LEVEL: 'variable',
    });
    expect((await read([])).args).toEqual({});
  });

  it('replaces references, and has the log redact what results', async () => {
    const rows = [row('URL', 'https://${{ TOKEN }}@host', { build: 'secret' }), row('TOKEN', 'the-token')];
    const inputs = await read(rows);
    expect(inputs.secrets).toEqual({ URL: 'https://the-token@host' });
    expect(inputs.redacted).toEqual(expect.arrayContaining(['https://the-token@host', LOGIN.password]));
    expect(inputs.credentials.get('ghcr.io')).toEqual(LOGIN);
  });

  it('rejects a variable for builds that refers to one of a service, and ignores such variables of the app', async () => {
    const app = row('DSN', '${{ DATABASE_URL }}');
    const settings = { services: { postgres: {} } };
    expect((await read([app], settings)).secrets).toEqual({});
    await expect(read([{ ...app, build: 'secret' }], settings)).rejects.toMatchObject({
      code: 'variables_invalid',
      message: expect.stringContaining('DSN, which is for builds, refers to DATABASE_URL') as string,
    });
  });
});
