import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import { readDelivery } from './delivered-move.js';
import { installationKey, parseInstallation } from './installation-event.js';

// The package's main file is JSON.
const all = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
const examplesOf = (name: string) =>
  (all.find((one) => one.name === name)?.examples ?? []) as unknown as Record<string, unknown>[];
const exampleOf = (name: string, action: string): Record<string, unknown> => {
  const found = examplesOf(name).find((example) => example.action === action);
  if (found === undefined) throw new Error(`no example of ${name}.${action}`);
  return structuredClone(found);
};

describe('parseInstallation', () => {
  it('reads who has the App, what it may access and who installed it', () => {
    const created = parseInstallation('installation', exampleOf('installation', 'created'));
    expect(created).toEqual({
      installationId: '957387',
      owner: { id: '21031067', login: 'Codertocat', type: 'User' },
      selection: 'selected',
      status: 'active',
      updatedAt: new Date(1_557_933_591_000),
      added: [{ id: '186853002', name: 'Codertocat/Hello-World', isPrivate: false }],
      removed: [],
      installerId: '21031067',
      isGranted: true,
    });
  });

  it.each([
    ['deleted', 'removed', null, false],
    ['suspend', 'suspended', null, false],
    ['unsuspend', 'active', null, true],
    ['new_permissions_accepted', 'active', '21031067', true],
  ])(
    'tells the status after %s, an installer only where there is one, and whether more is granted',
    (action, status, installerId, isGranted) => {
      expect(parseInstallation('installation', exampleOf('installation', action))).toMatchObject({
        status,
        installerId,
        isGranted,
      });
    },
  );

  it.each([
    ['added', ['Codertocat/Space'], []],
    ['removed', [], ['1296269']],
  ])('reads the repositories that were %s', (action, added, removed) => {
    const change = parseInstallation(
      'installation_repositories',
      exampleOf('installation_repositories', action),
    );
    expect(change?.added.map(({ name }) => name)).toEqual(added);
    expect(change?.removed).toEqual(removed);
  });

  it('accepts an enterprise, which has a slug and no login', () => {
    const payload = exampleOf('installation', 'created');
    const installation = payload.installation as Record<string, unknown>;
    const given = {
      ...payload,
      installation: { ...installation, account: { id: 5, slug: 'big' }, target_type: 'Enterprise' },
    };
    expect(parseInstallation('installation', given)?.owner).toEqual({
      id: '5',
      login: 'big',
      type: 'Enterprise',
    });
  });

  it('ignores actions that change nothing here', () => {
    expect(parseInstallation('installation', { action: 'sneezed' })).toBeNull();
    expect(readDelivery('installation', { action: 'sneezed' })).toMatchObject({ ignoredReason: 'event' });
  });

  it.each([
    ['installation.id', { id: 'seven' }],
    ['installation.account', { account: null }],
    ['installation.repository_selection', { repository_selection: 'some' }],
    ['installation.updated_at', { updated_at: {} }],
    ['installation.updated_at', { updated_at: undefined }],
  ])('rejects a payload whose %s is not as documented', (field, broken) => {
    const payload = exampleOf('installation', 'created');
    const given = { ...payload, installation: { ...(payload.installation as object), ...broken } };
    expect(() => parseInstallation('installation', given)).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });
});

describe('readDelivery', () => {
  it.each(['installation', 'installation_repositories'])(
    'reads all of GitHub’s examples of %s under a key that no repository has',
    (name) => {
      for (const payload of examplesOf(name)) {
        const { installation, repository } = readDelivery(name, payload);
        expect(repository).toBeNull();
        expect(installationKey(installation?.installationId ?? '')).toMatch(/^installation \d+$/);
      }
    },
  );

  it('reads what each example of a repository event says about the repository', () => {
    for (const payload of examplesOf('repository')) {
      const { facts } = readDelivery('repository', payload);
      expect(facts).toMatchObject({
        action: payload.action,
        isPrivate: String(payload.action) === 'privatized',
      });
    }
  });
});
