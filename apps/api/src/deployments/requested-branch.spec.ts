import { type ProjectEntity } from '@nexos/database';
import { remoteFailure } from '@nexos/domain';
import { type RemoteBranches } from '@nexos/git';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutsideTransaction } from '../http/idempotency/outside-transaction.js';
import { RequestedBranch } from './requested-branch.js';

const FIELDS = {
  id: 'proj_1',
  accountId: 'acct_1',
  githubRepo: 'acme/shop',
  installationId: null,
};
const PROJECT = FIELDS as ProjectEntity;
const AWAY = () => Promise.reject(remoteFailure('repository_unreachable', 'acme/shop', new Error('away')));
const DENIED = () => Promise.reject(remoteFailure('repository_access_denied', 'acme/shop'));

function choose(branch: string | undefined, remote: Partial<RemoteBranches>, head: string | null = null) {
  const requested = new RequestedBranch(
    { headOf: () => Promise.resolve(head) } as never,
    remote as RemoteBranches,
    {
      tokenFor: () => Promise.resolve(undefined),
      explain: (_: unknown, error: unknown) => Promise.resolve(error),
    } as never,
    new OutsideTransaction(),
  );
  return requested.choose(PROJECT, branch);
}
const branches = (...names: string[]) => ({
  lookUpTips: () => Promise.resolve(new Map(names.map((name) => [name, 'a'.repeat(40)]))),
});

describe('RequestedBranch', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('takes a branch that the repository has, and rejects one that it does not have', async () => {
    expect(await choose('main', branches('main'))).toBe('main');
    await expect(choose('main', branches())).rejects.toMatchObject({
      kind: 'branch_not_found',
      detail: 'The branch main does not exist in acme/shop. Push it, or deploy another branch.',
    });
  });

  it('leaves a branch to the builder when a push has told of it, or the Git host does not answer', async () => {
    expect(await choose('main', branches(), 'a'.repeat(40))).toBe('main');
    expect(await choose('main', { lookUpTips: AWAY })).toBe('main');
  });

  it("takes the repository's default branch when none is named", async () => {
    expect(await choose(undefined, { defaultBranch: () => Promise.resolve('trunk') })).toBe('trunk');
    await expect(choose(undefined, { defaultBranch: () => Promise.resolve(null) })).rejects.toMatchObject({
      kind: 'branch_not_found',
    });
  });

  it('says why the default branch is unknown', async () => {
    await expect(choose(undefined, { defaultBranch: AWAY })).rejects.toMatchObject({
      kind: 'service-unavailable',
      detail:
        'The default branch of acme/shop could not be looked up, since the Git host did not answer. Name the branch, or try again in a few minutes.',
    });
    await expect(choose(undefined, { defaultBranch: DENIED })).rejects.toMatchObject({
      kind: 'conflict',
      detail:
        'The repository acme/shop could not be read. Check that it exists and that the GitHub App is installed on it.',
    });
  });

  it('leaves a named branch of a repository that cannot be read to the builder', async () => {
    expect(await choose('main', { lookUpTips: DENIED })).toBe('main');
  });

  it("reads a private repository with the GitHub App's token", async () => {
    const asked: unknown[] = [];
    const requested = new RequestedBranch(
      { headOf: () => Promise.resolve(null) } as never,
      { defaultBranch: ({ token }) => Promise.resolve(String(asked.push(token))) } as RemoteBranches,
      { tokenFor: () => Promise.resolve('token-1') } as never,
      new OutsideTransaction(),
    );
    await requested.choose(PROJECT, undefined);
    expect(asked).toEqual(['token-1']);
  });

  it('does not wait behind many requests for one repository', async () => {
    const requested = new RequestedBranch(
      { headOf: () => Promise.resolve(null) } as never,
      { lookUpTips: () => new Promise(() => undefined) } as unknown as RemoteBranches,
      { tokenFor: () => Promise.resolve(undefined) } as never,
      new OutsideTransaction(),
    );
    for (let i = 0; i < 2; i++) void requested.choose(PROJECT, 'main');
    await new Promise(setImmediate);
    expect(await requested.choose(PROJECT, 'main')).toBe('main');
    await expect(requested.choose(PROJECT, undefined)).rejects.toMatchObject({
      kind: 'service-unavailable',
      detail: 'Too many requests are waiting for the Git host. Name the branch, or try again in a moment.',
    });
  });

  it('does not let one account take all the room', async () => {
    const requested = new RequestedBranch(
      { headOf: () => Promise.resolve(null) } as never,
      {
        lookUpTips: ({ repository }: { repository: string }) =>
          repository.startsWith('acme/') ? new Promise(() => undefined) : Promise.resolve(new Map()),
      } as unknown as RemoteBranches,
      { tokenFor: () => Promise.resolve(undefined) } as never,
      new OutsideTransaction(),
    );
    const of = (accountId: string, githubRepo: string) =>
      ({ ...FIELDS, accountId, githubRepo }) as ProjectEntity;
    for (let i = 0; i < 4; i++) void requested.choose(of('acct_1', `acme/shop-${i}`), 'main');
    await new Promise(setImmediate);
    expect(await requested.choose(of('acct_1', 'other/shop'), 'main')).toBe('main');
    await expect(requested.choose(of('acct_2', 'other/shop'), 'main')).rejects.toMatchObject({
      kind: 'branch_not_found',
    });
  });

  it('waits for the token no longer than for the branch', async () => {
    const late = AbortSignal.abort(new Error('too late'));
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(late);
    const requested = new RequestedBranch(
      { headOf: () => Promise.resolve(null) } as never,
      {} as RemoteBranches,
      {
        tokenFor: (_: unknown, signal: AbortSignal | undefined) =>
          signal === undefined ? new Promise(() => undefined) : Promise.reject(signal.reason as Error),
        explain: (_: unknown, error: unknown) => Promise.resolve(error),
      } as never,
      new OutsideTransaction(),
    );
    await expect(requested.choose(PROJECT, undefined)).rejects.toMatchObject({ kind: 'service-unavailable' });
  });

  it("asks the Git host outside the transaction of the request's idempotency key", async () => {
    const outside = new OutsideTransaction();
    const steps: string[] = [];
    const requested = new RequestedBranch(
      { headOf: () => Promise.resolve(null) } as never,
      {
        defaultBranch: () => {
          steps.push('asked');
          return Promise.resolve('trunk');
        },
      } as unknown as RemoteBranches,
      { tokenFor: () => Promise.resolve(undefined) } as never,
      outside,
    );
    const branch = await outside.repeat(async () => {
      steps.push('begin');
      return requested.choose(PROJECT, undefined).finally(() => steps.push('end'));
    });
    expect([branch, ...steps]).toEqual(['trunk', 'begin', 'end', 'asked', 'begin', 'end']);
  });
});
