import { generateKeyPairSync } from 'node:crypto';
import { GithubConfig } from '@nexos/config';
import type { ProjectEntity } from '@nexos/database';
import { ConfiguredApp, GithubAccess, InstallationTokens } from '@nexos/github';
import { AccountsRepository, RepositoryAccessRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { BuildOutput } from '../../../apps/builder/src/builds/build-task.js';
import { SubmoduleAccess } from '../../../apps/builder/src/submodules/submodule-access.js';
import { TestDatabase } from '../../support/database.js';
import type { FaultKind } from '../../support/github-api/faults.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import type { GithubApiUser, PermissionLevel } from '../../support/github-api/repositories.js';
import { insertProject } from '../../support/rows.js';
import { storeUnreadableApp } from '../../support/unreadable-app.js';

const APP_ID = '4711';
const INSTALLATION = 7;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let database: TestDatabase;
let github: GithubApi;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  github = await GithubApi.start({ id: APP_ID, publicKey });
});
afterEach(() => {
  github.failWhen(null);
  expect(github.malformed).toEqual([]);
});
afterAll(async () => {
  await github.stop();
  await database.drop();
});

let counter = 0;
type Mode = 'any' | 'connected';

function accessFor(repositories: Mode, app: Partial<GithubConfig> = { appId: APP_ID, appPrivateKey: PEM }) {
  const config = Object.assign(new GithubConfig(), { apiUrl: github.url, repositories, ...app });
  return accessWith(new ConfiguredApp(config));
}

function accessWith(configured: ConfiguredApp) {
  return new SubmoduleAccess(
    configured,
    new GithubAccess(configured),
    new InstallationTokens(configured),
    database.repository(AccountsRepository),
    database.repository(RepositoryAccessRepository),
  );
}

/** A project of a new GitHub user, in an installation, and a private repository with the App. */
async function scene({
  installation = INSTALLATION,
  permission = 'none',
}: { installation?: number; permission?: PermissionLevel } = {}) {
  const number = ++counter;
  const user: GithubApiUser = { id: 9_000 + number, login: `user-${number}` };
  const lib = `octo/lib-${number}`;
  github.repositories.permit(lib, user, permission);
  github.install(lib, installation);
  const project = await insertProject(database.dataSource.manager, { githubRepo: `octo/app-${number}` });
  project.installationId = String(INSTALLATION);
  project.accessCheckedAt = new Date();
  github.repositories.create(project.githubRepo);
  github.install(project.githubRepo, INSTALLATION);
  await database.dataSource.query('UPDATE accounts SET github_id = $2, github_login = $3 WHERE id = $1', [
    project.accountId,
    user.id,
    user.login,
  ]);
  return { project, lib, user };
}

/** Asks for a token as a build of the project does; returns it with what its log redacts. */
async function ask(access: SubmoduleAccess, project: ProjectEntity, ...repositories: string[]) {
  const redacted: string[] = [];
  const log = { redactAlso: (secrets: readonly string[]) => redacted.push(...secrets) };
  const signal = new AbortController().signal;
  const credentials = await access.forBuild({ project, log: log as unknown as BuildOutput, signal });
  const grants = [];
  for (const repository of repositories) grants.push((await credentials?.grant(repository)) ?? null);
  return { grants, redacted, advice: credentials?.advice };
}

/** Returns whether the build gets a token that reads the repository. */
async function isGranted(mode: Mode, { project, lib }: Awaited<ReturnType<typeof scene>>) {
  const [grant] = (await ask(accessFor(mode), project, lib)).grants;
  return grant != null && github.installations.canRead(grant.token, lib);
}

describe('a token for a submodule', () => {
  it('reads the contents of one repository and nothing else, and the log redacts it', async () => {
    const { project, lib } = await scene();
    const before = github.tokenRequests.length;
    const { grants, redacted } = await ask(accessFor('any'), project, lib);
    const [, name = ''] = lib.split('/');
    expect(github.tokenRequests.slice(before)).toEqual([
      { permissions: { metadata: 'read' } },
      { repositories: [name], permissions: { contents: 'read' } },
    ]);
    expect(grants).toEqual([{ repository: lib, token: redacted[0] }]);
    expect(github.installations.canRead(redacted[0] ?? '', project.githubRepo)).toBe(false);
  });

  it.each<[Mode, PermissionLevel, boolean]>([
    ['any', 'none', true],
    ['connected', 'none', false],
    ['connected', 'read', true],
    ['connected', 'write', true],
    ['connected', 'admin', true],
  ])('with REPOSITORIES=%s and the permission %s: %s', async (mode, permission, expected) => {
    expect(await isGranted(mode, await scene({ permission }))).toBe(expected);
  });

  it.each<Mode>(['any', 'connected'])(
    'is not given for a repository of another installation, with REPOSITORIES=%s',
    async (mode) => {
      expect(await isGranted(mode, await scene({ installation: 8, permission: 'admin' }))).toBe(false);
    },
  );

  it.each<Mode>(['any', 'connected'])(
    'is not given for a repository without the App, or that does not exist, with REPOSITORIES=%s',
    async (mode) => {
      const { project, lib } = await scene({ permission: 'admin' });
      github.installations.disconnect(lib);
      expect((await ask(accessFor(mode), project, lib, 'octo/nothing')).grants).toEqual([null, null]);
    },
  );

  it('is not given while the installation is suspended', async () => {
    const suspended = await scene({ installation: 9, permission: 'admin' });
    suspended.project.installationId = '9';
    expect(await isGranted('any', suspended)).toBe(true);
    github.installations.suspend(9);
    expect(await isGranted('any', suspended)).toBe(false);
    expect(await isGranted('connected', suspended)).toBe(false);
  });

  it('is given to a project whose installation is not known yet', async () => {
    const unknown = await scene();
    unknown.project.installationId = null;
    expect(await isGranted('any', unknown)).toBe(true);
    github.installations.disconnect(unknown.project.githubRepo);
    expect(await isGranted('any', unknown)).toBe(false);
  });

  it('needs an account with a GitHub user, or an operator', async () => {
    const local = await scene({ permission: 'admin' });
    const change = (sql: string) =>
      database.dataSource.query(`UPDATE accounts SET ${sql} WHERE id = $1`, [local.project.accountId]);
    await change('github_id = NULL, github_login = NULL');
    expect(await isGranted('connected', local)).toBe(false);
    await change('is_operator = true');
    expect(await isGranted('connected', local)).toBe(true);
  });

  it('is not given to a user whose login belongs to somebody else now', async () => {
    const former = await scene({ permission: 'admin' });
    github.repositories.permit(former.lib, { id: 1, login: former.user.login }, 'admin');
    expect(await isGranted('connected', former)).toBe(false);
  });

  it('is for the name that the repository has now', async () => {
    const { project, lib } = await scene({ permission: 'read' });
    github.repositories.rename(lib, `${lib}-renamed`);
    github.install(`${lib}-renamed`, INSTALLATION);
    const { grants } = await ask(accessFor('connected'), project, lib);
    expect(grants).toMatchObject([{ repository: `${lib}-renamed` }]);
  });

  it('is asked for once in a build, and about access once in ten minutes', async () => {
    const { project, lib, user } = await scene({ permission: 'read' });
    const access = accessFor('connected');
    const questions = () =>
      github.requests.filter((request) => request.includes(`/${lib}/collaborators/`)).length;
    const before = github.requests.length;
    const { grants } = await ask(access, project, lib, lib.toUpperCase(), lib);
    expect(new Set(grants).size).toBe(1);
    expect(github.requests.slice(before).filter((request) => request.endsWith(`/${lib}`))).toHaveLength(1);
    github.repositories.permit(lib, user, 'none');
    expect((await ask(access, project, lib)).grants).not.toEqual([null]);
    expect(questions()).toBe(1);
    await database.dataSource.query(
      `UPDATE repository_access SET checked_at = now() - interval '11 minutes' WHERE account_id = $1`,
      [project.accountId],
    );
    expect((await ask(access, project, lib)).grants).toEqual([null]);
    expect(questions()).toBe(2);
  });

  it('is not given to a project that GitHub did not confirm, nor asked for', async () => {
    const unconfirmed = await scene({ permission: 'admin' });
    const { project, lib } = unconfirmed;
    project.accessCheckedAt = null;
    const before = github.requests.length;
    const { grants, advice } = await ask(accessFor('connected'), project, lib);
    expect(grants).toEqual([null]);
    expect(advice).toContain('set github_repo of the project again');
    expect(github.requests).toHaveLength(before);
    expect(await isGranted('any', unconfirmed)).toBe(true);
    project.predatesAccessChecks = true;
    expect(await isGranted('connected', unconfirmed)).toBe(true);
  });

  it('is not asked for without a GitHub App', async () => {
    const { project } = await scene();
    expect((await ask(accessFor('any', {}), project)).advice).toBeUndefined();
  });

  it.each<[Mode, RegExp]>([
    ['any', /, installed by the same owner\.$/],
    ['connected', /, installed by the same owner, and read access for the project's account\.$/],
  ])('is explained, with REPOSITORIES=%s', async (mode, expected) => {
    const { project } = await scene();
    expect((await ask(accessFor(mode), project)).advice).toMatch(expected);
  });
});

describe('while GitHub is away', () => {
  const KINDS: readonly FaultKind[] = ['500', '502', 'rate limit', 'secondary limit', 'dropped connection'];
  const CALLS = [/\/installation$/, /\/lib-\d+$/, /\/permission$/, /access_tokens$/];

  it.each(KINDS)(
    'a build fails as with a Git host that does not answer, and later gets its token: %s',
    async (kind) => {
      for (const call of CALLS) {
        const { project, lib } = await scene({ permission: 'read' });
        const access = accessFor('connected');
        github.failWhen((request) => (call.test(request) ? { kind, isApplied: false } : null));
        await expect(ask(access, project, lib)).rejects.toMatchObject({
          code: 'repository_unreachable',
          message: expect.stringContaining(lib) as string,
        });
        github.failWhen(null);
        expect((await ask(access, project, lib)).grants).toMatchObject([{ repository: lib }]);
      }
    },
  );
});

describe('while no key decrypts the stored GitHub App', () => {
  it('a build needs it only for a submodule that it cannot read otherwise, and then says what to do', async () => {
    const { project, lib } = await scene({ permission: 'admin' });
    const silent = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const access = accessWith(await storeUnreadableApp(database));
    expect((await ask(access, project)).advice).toBeDefined();
    await expect(ask(access, project, lib)).rejects.toMatchObject({
      code: 'secrets_unreadable',
      message: expect.stringContaining('encryption key') as string,
    });
    silent.mockRestore();
  });
});
