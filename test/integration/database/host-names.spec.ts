import { destroyEnvironment, recordDestroyed, RetentionRepository } from '@nexos/state';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import {
  insertAccount,
  insertProject,
  at,
  BY_REQUEST,
  environmentsOf,
  push,
  sha,
} from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let names = 0;
/** A slug that no other test of this file uses. */
const fresh = () => `n${++names}`;
const project = (slug: string, accountId = '') =>
  insertProject(database.dataSource.manager, { slug, accountId });

let pushes = 0;
/** Deploys a branch; returns the host name label of its environment. */
async function deploy(owner: ProjectEntity, branch: string): Promise<string> {
  const number = ++pushes;
  const moved = { branch, before: NO_COMMIT, after: sha(number), at: at(number) };
  expect(await push(database.unitOfWork, owner, moved)).toBe('deployed');
  return label((await environmentsOf(database, owner.id, branch)).at(-1)?.hostname);
}

function label(hostname: string | undefined): string {
  const match = /^([a-z0-9-]+)\.test\.example$/.exec(hostname ?? '');
  if (match?.[1] === undefined) throw new Error(`not a Nexos host name: ${hostname ?? ''}`);
  return match[1];
}

/** Destroys the branch's environment and records it as destroyed. */
async function destroy(owner: ProjectEntity, branch: string): Promise<void> {
  const environment = (await environmentsOf(database, owner.id, branch)).at(-1);
  const environmentId = environment?.id ?? '';
  await database.unitOfWork.run(async (transaction) => {
    expect(await destroyEnvironment(transaction, environmentId, BY_REQUEST)).toBe(true);
    const seen = { environmentId, epoch: '0', generation: '1' };
    expect(await recordDestroyed(transaction, seen)).toBe(true);
  });
}

async function letDaysPass(hostname: string, days: number): Promise<void> {
  await database.dataSource.query(
    `UPDATE hostnames SET released_at = released_at - make_interval(days => $2) WHERE hostname = $1`,
    [`${hostname}.test.example`, days],
  );
}

const HASHED = /-[0-9a-z]{7}$/;

describe('host name allocation', () => {
  it('builds a host name from the branch and the project slug', async () => {
    const slug = fresh();
    expect(await deploy(await project(slug), 'Feature/Log-in_1')).toBe(`feature-log-in-1-${slug}`);
  });

  it('gives a contested host name to the first account and a hashed one to the second', async () => {
    const c = fresh();
    const first = await deploy(await project(c), 'a-b');
    const second = await deploy(await project(`b-${c}`), 'a');
    expect(first).toBe(`a-b-${c}`);
    expect(second).toMatch(HASHED);
    expect(second.startsWith(`a-b-${c}-`)).toBe(true);
  });

  it('gives different host names to branches with similar names', async () => {
    const owner = await project(fresh());
    const labels: string[] = [];
    for (const branch of ['a/b', 'a-b', 'A_B', 'a.b', 'a/b/']) labels.push(await deploy(owner, branch));
    expect(new Set(labels).size).toBe(5);
  });

  it('gives a long or non-ASCII branch one label of at most 63 characters', async () => {
    const owner = await project(fresh());
    const branches = [
      `${'long-'.repeat(40)}1`,
      `${'long-'.repeat(40)}2`,
      '日本語',
      '中文',
      '---',
      'é'.repeat(100),
    ];
    const labels: string[] = [];
    for (const branch of branches) labels.push(await deploy(owner, branch));
    for (const one of labels) expect(one).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    expect(new Set(labels).size).toBe(branches.length);
  });

  it('allocates a host name once when twenty projects request it at the same time', async () => {
    const slug = fresh();
    const owners = await Promise.all(Array.from({ length: 20 }, () => project(slug)));
    const labels = await Promise.all(owners.map((owner) => deploy(owner, 'main')));
    expect(new Set(labels).size).toBe(20);
    expect(labels.filter((one) => one === `main-${slug}`)).toHaveLength(1);
  });
});

describe('a released host name', () => {
  it('withholds a released host name from other accounts for 30 days', async () => {
    const slug = fresh();
    const owner = await project(slug);
    const name = await deploy(owner, 'main');
    await destroy(owner, 'main');
    await letDaysPass(name, 29);
    expect(await deploy(await project(slug), 'main')).toMatch(HASHED);
  });

  it('gives a released host name to any account after 30 days', async () => {
    const slug = fresh();
    const owner = await project(slug);
    const name = await deploy(owner, 'main');
    await destroy(owner, 'main');
    await letDaysPass(name, 31);
    expect(await deploy(await project(slug), 'main')).toBe(name);
  });

  it('lets an account reuse its released host name at once in any project', async () => {
    const accountId = await insertAccount(database.dataSource.manager);
    const c = fresh();
    const owner = await project(`b-${c}`, accountId);
    const name = await deploy(owner, 'a');
    await destroy(owner, 'a');
    expect(await deploy(await project(c, accountId), 'a-b')).toBe(name);
  });

  it('restores a hashed host name when its branch comes back', async () => {
    const slug = fresh();
    await deploy(await project(slug), 'main');
    const owner = await project(slug);
    const hashed = await deploy(owner, 'main');
    await destroy(owner, 'main');
    expect(hashed).toMatch(HASHED);
    expect(await deploy(owner, 'main')).toBe(hashed);
  });

  it('deletes a released host name after 30 days, and not before', async () => {
    const owner = await project(fresh());
    const [old, recent] = [await deploy(owner, 'old'), await deploy(owner, 'recent')];
    const kept = await deploy(owner, 'kept');
    await destroy(owner, 'old');
    await destroy(owner, 'recent');
    await letDaysPass(old, 31);
    await letDaysPass(recent, 29);
    await database.repository(RetentionRepository).deleteExpired();
    const rows = await database.rows<{ hostname: string }>(
      `SELECT hostname FROM hostnames WHERE hostname LIKE $1 ORDER BY hostname`,
      [`%-${owner.slug}.test.example`],
    );
    expect(rows.map((row) => label(row.hostname))).toEqual([kept, recent].sort());
  });
});

describe('a branch that is recreated while its environment is being destroyed', () => {
  it('keeps the host name of a recreated branch, even once its old environment is destroyed', async () => {
    const owner = await project(fresh());
    const name = await deploy(owner, 'main');
    const [old] = await environmentsOf(database, owner.id);
    const environmentId = old?.id ?? '';
    await database.unitOfWork.run((transaction) =>
      destroyEnvironment(transaction, environmentId, BY_REQUEST),
    );
    expect(await deploy(owner, 'main')).toBe(name);
    await database.unitOfWork.run((transaction) =>
      recordDestroyed(transaction, { environmentId, epoch: '0' }),
    );
    const [, second] = await environmentsOf(database, owner.id);
    expect(
      await database.rows('SELECT environment_id FROM hostnames WHERE hostname = $1', [
        `${name}.test.example`,
      ]),
    ).toEqual([{ environment_id: second?.id }]);
  });

  it('does not give the host name of a branch being destroyed to one with a similar name', async () => {
    const owner = await project(fresh());
    const name = await deploy(owner, 'a/b');
    const [old] = await environmentsOf(database, owner.id, 'a/b');
    await database.unitOfWork.run((transaction) =>
      destroyEnvironment(transaction, old?.id ?? '', BY_REQUEST),
    );
    expect(await deploy(owner, 'a-b')).not.toBe(name);
  });
});
