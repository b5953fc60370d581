import { AUDIT_ACTIONS } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { testUser } from '../../support/github-oauth/test-user.js';
import { ApiDocument, type ApiOperation } from '../../support/nexos/api-document.js';
import type { Installation } from '../../support/nexos/installation.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { sendChange } from './audited-requests.js';
import { GithubAppSystem } from './github-app-fixture.js';
import { startSignIn } from './sign-in-fixture.js';

/** Operations that need a session, or a double of GitHub. */
const WITH_GITHUB = [
  'githubApp.forget',
  'githubAppManifest.create',
  'githubAppManifest.finish',
  'logout.logout',
  'signIn.finish',
];
let nexos: SharedApi;
let changing: readonly ApiOperation[];
beforeAll(async () => {
  nexos = await SharedApi.enter();
  const { operations } = await ApiDocument.fetch(nexos.api.baseUrl);
  changing = operations.filter((one) => one.method !== 'GET' || actionsOf(one).length > 0);
});
afterAll(() => nexos.leave());

function actionsOf(operation: ApiOperation): readonly string[] {
  return operation['x-audit-actions'] ?? [];
}

/** Expects a line with a declared action of the request; returns its actor. */
async function expectAudited(on: Installation, operation: ApiOperation, response: Response): Promise<string> {
  const name = `${operation.operationId}: ${response.status}`;
  expect
    .soft(response.status, `${name} ${response.status < 400 ? '' : await response.text()}`)
    .toBeLessThan(400);
  const lines = await on.rows<{ action: string; actor: string; address: string | null }>(
    'SELECT action, actor, address FROM audit_log WHERE request_id = $1 ORDER BY seq',
    [response.headers.get('x-request-id')],
  );
  const declared = lines.find(({ action }) => actionsOf(operation).includes(action));
  expect.soft(declared, `${name} wrote ${JSON.stringify(lines)}`).toBeDefined();
  for (const { address } of lines) expect.soft(address, name).toBe('127.0.0.1');
  return declared?.actor ?? '';
}

describe('a route that changes state', () => {
  it('says in the OpenAPI document what it writes to the audit log', () => {
    for (const operation of changing) {
      expect(actionsOf(operation), operation.operationId).not.toEqual([]);
      for (const action of actionsOf(operation)) expect(AUDIT_ACTIONS).toContain(action);
    }
    expect(changing.map(({ operationId }) => operationId)).toEqual(expect.arrayContaining(WITH_GITHUB));
  });

  it('writes that to the audit log, with key and address', async () => {
    const { credential } = await nexos.api.get<{ credential: { id: string } }>('/auth/me');
    const walked = changing.filter(({ operationId }) => !WITH_GITHUB.includes(operationId));
    expect(walked.length).toBeGreaterThan(30);
    for (const operation of walked) {
      const actor = await expectAudited(nexos, operation, await sendChange(nexos, operation));
      const isSigned = operation.security.length === 0;
      expect.soft(actor, operation.operationId).toBe(isSigned ? 'github' : credential.id);
    }
  });

  it('writes sign-in and sign-out to it', async () => {
    const system = await startSignIn(inject('system'));
    try {
      const operation = (id: string) => operationOf(changing, id);
      const user = testUser();
      system.github.visitor = user;
      const browser = system.browser();
      const signIn = await browser.signIn();
      expect(await expectAudited(system.nexos, operation('signIn.finish'), signIn)).toBe(
        `github:${user.login}`,
      );
      const [session] = await system.nexos.column<string>('SELECT id FROM sessions');
      const signOut = await browser.request('POST', '/api/auth/logout', { origin: browser.baseUrl });
      expect(await expectAudited(system.nexos, operation('logout.logout'), signOut)).toBe(session);
    } finally {
      await system.stop();
    }
  });

  it('writes the creation and the end of the GitHub App to it', async () => {
    const system = await GithubAppSystem.start(inject('system'));
    try {
      const operation = (id: string) => operationOf(changing, id);
      const begun = await system.nexos.api.request('POST', '/github/app-manifest', {});
      await expectAudited(system.nexos, operation('githubAppManifest.create'), begun);
      const finished = await system.visit(await system.create());
      await expectAudited(system.nexos, operation('githubAppManifest.finish'), finished);
      const forgotten = await system.nexos.api.request('DELETE', '/github/app');
      await expectAudited(system.nexos, operation('githubApp.forget'), forgotten);
      const text = JSON.stringify(await system.nexos.rows('SELECT * FROM audit_log'));
      for (const secret of system.secrets) expect(text).not.toContain(secret);
    } finally {
      await system.stop();
    }
  });
});

function operationOf(operations: readonly ApiOperation[], id: string): ApiOperation {
  const found = operations.find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`no operation is called ${id}`);
  return found;
}
