import { APP_EVENTS, APP_PERMISSIONS } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { submitManifest } from '../../support/github-api/create-app.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { anotherAccount, ISO, problemOf, refusedFields } from './api-fixture.js';
import { APP_ID, GithubAppSystem, PUBLIC_URL } from './github-app-fixture.js';

let system: GithubAppSystem;
beforeAll(async () => {
  system = await GithubAppSystem.start(inject('system'));
});
afterAll(() => system.stop());
beforeEach(async () => {
  await system.reset();
});

const conflict = async (response: Response) => {
  expect(response.status).toBe(409);
  return (await problemOf(response)).detail;
};

describe('the creation of the GitHub App', () => {
  it('leads from the request over a page of ours to GitHub, and back to the stored App', async () => {
    const begun = await system.begin({ name: 'Nexos of "Acme" & <Co>' });
    expect(begun).toEqual({
      url: expect.stringMatching(
        /^https:\/\/nexos\.example\.com\/api\/github\/app-manifest\?state=[\w-]{43}$/,
      ) as string,
      expires_at: ISO,
      warnings: [],
    });
    const inAnHour = Date.now() + 3_600_000;
    expect(Math.abs(Date.parse(begun.expires_at) - inAnHour)).toBeLessThan(60_000);

    const { action, manifest } = await system.open(begun.url);
    const { searchParams } = new URL(begun.url);
    expect(action).toBe(`${system.github.webUrl}/settings/apps/new?state=${searchParams.get('state') ?? ''}`);
    expect(JSON.parse(manifest)).toEqual({
      name: 'Nexos of "Acme" & <Co>',
      url: PUBLIC_URL,
      hook_attributes: { url: `${PUBLIC_URL}/api/webhooks/github`, active: true },
      redirect_url: `${PUBLIC_URL}/api/github/app-manifest/callback`,
      callback_urls: [`${PUBLIC_URL}/api/auth/github/callback`],
      setup_url: `${PUBLIC_URL}/api/github/install/callback`,
      public: false,
      default_permissions: APP_PERMISSIONS,
      default_events: APP_EVENTS,
    });

    const page = await system.connect({ name: 'Nexos of Acme' });
    expect(page).toContain('<bdi>Nexos of Acme</bdi>');
    expect(page).toContain('href="https://github.example/apps/nexos-of-acme/installations/new"');
    expect(await system.describe()).toEqual({
      configured: true,
      source: 'stored',
      app_id: APP_ID,
      slug: 'nexos-of-acme',
      name: 'Nexos of Acme',
      html_url: 'https://github.example/apps/nexos-of-acme',
      missing_permissions: [],
      missing_events: [],
      problem: null,
    });
  });

  it('has pages that run nothing, and whose form reaches only GitHub', async () => {
    const { response, html } = await system.open((await system.begin()).url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${system.github.webUrl}; frame-ancestors 'none'`,
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('referrer-policy')).toBe('strict-origin');
    expect(html).not.toMatch(/<script| on\w+=/);

    const done = await system.visit(await system.create());
    expect(done.headers.get('content-security-policy')).toContain("form-action 'none'");
    expect(done.headers.get('cache-control')).toBe('no-store');
    expect(await done.text()).not.toMatch(/<script|<form/);
  });

  it('can be for an organization', async () => {
    const { action } = await system.open((await system.begin({ organization: 'acme-corp' })).url);
    expect(action).toContain(`${system.github.webUrl}/organizations/acme-corp/settings/apps/new?state=`);
    await system.connect({ organization: 'acme-corp' });
    expect(system.newest.organization).toBe('acme-corp');
  });

  it.each([
    ['organization', { organization: 'acme/../x' }],
    ['organization', { organization: '' }],
    ['name', { name: 'x'.repeat(35) }],
    ['name', { name: 'a\nb' }],
  ])('rejects an invalid %s: %j', async (field, body) => {
    expect(await refusedFields(await system.nexos.api.request('POST', '/github/app-manifest', body))).toEqual(
      [field],
    );
  });

  it('is for operators, and so are the App’s facts', async () => {
    const { api } = await anotherAccount(system.nexos);
    for (const [method, path] of [
      ['POST', '/github/app-manifest'],
      ['GET', '/github/app'],
      ['DELETE', '/github/app'],
    ] as const) {
      const response = await api.request(method, path);
      expect(response.status, path).toBe(403);
      expect((await problemOf(response)).type).toBe('urn:nexos:problem:forbidden');
    }
  });

  it('warns if GitHub cannot reach this installation, and creates an App without a webhook', async () => {
    const local = await SharedApi.enter();
    const { url, warnings } = await local.api.post<{ url: string; warnings: string[] }>(
      '/github/app-manifest',
    );
    expect(warnings).toEqual([expect.stringContaining('GitHub cannot reach http://127.0.0.1:') as string]);
    const html = await (await fetch(url)).text();
    expect(html).toContain('GitHub cannot reach');
    expect(html).not.toContain('hook_attributes');
    await local.leave();
  });
});

describe('the callback', () => {
  it('answers the same code again with the same App, without asking GitHub again', async () => {
    const callback = await system.create();
    const before = system.conversions;
    const answers = await Promise.all([1, 2, 3].map(() => system.visit(callback)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    expect((await system.visit(callback)).status).toBe(200);
    expect(system.conversions).toBe(before + 1);
  });

  it('accepts a state once: not with the code of another App, and not for another page', async () => {
    const { url } = await system.begin();
    const { action, manifest } = await system.open(url);
    const callback = await submitManifest(action, manifest);
    expect((await system.visit(callback)).status).toBe(200);
    expect(await conflict(await system.visit(await system.withAnotherCode(callback)))).toContain(
      'already used',
    );
    expect(await conflict(await system.visit(url))).toContain('has been created');
  });

  it('rejects a state that is unknown, malformed, expired, or of somebody who is no operator any more', async () => {
    const before = system.conversions;
    const callback = await system.create();
    const unknown = new URL(callback);
    unknown.searchParams.set('state', 'x'.repeat(43));
    const malformed = new URL(callback);
    malformed.searchParams.set('state', 'x');
    const repeated = new URL(`${callback.href}&state=x`);
    const missing = new URL(callback);
    missing.searchParams.delete('code');
    for (const query of ['', '?state=x', `?state=${'x'.repeat(43)}`]) {
      const response = await system.visit(`${PUBLIC_URL}/api/github/app-manifest${query}`);
      expect(await refusedFields(response)).toEqual(['state']);
    }
    for (const [url, field] of [
      [unknown, 'state'],
      [malformed, 'state'],
      [repeated, 'state'],
      [missing, 'code'],
    ] as const) {
      expect(await refusedFields(await system.visit(url))).toEqual([field]);
    }
    const { nexos } = system;
    const change = async (sql: string) => {
      await nexos.database.query(sql);
      expect(await refusedFields(await system.visit(callback))).toEqual(['state']);
    };
    await change('UPDATE accounts SET is_operator = false');
    await nexos.database.query('UPDATE accounts SET is_operator = true');
    await change("UPDATE github_app_manifests SET expires_at = now() - interval '1 second'");
    expect(system.conversions).toBe(before);
  });

  it('leaves the code usable while GitHub is down', async () => {
    const callback = await system.create();
    for (const kind of ['502', 'dropped connection', 'rate limit'] as const) {
      system.github.failWhen(() => ({ kind, isApplied: false }));
      const response = await system.visit(callback);
      expect(response.status).toBe(503);
      expect((await problemOf(response)).detail).toContain('Reload this page later');
    }
    system.github.failWhen(null);
    expect((await system.visit(callback)).status).toBe(200);
  });

  it('says what to do if GitHub does not know the code', async () => {
    const callback = await system.create({ organization: 'acme' });
    callback.searchParams.set('code', 'unknown');
    const detail = await conflict(await system.visit(callback));
    expect(detail).toContain(`${system.github.webUrl}/organizations/acme/settings/apps`);
    expect(detail).toContain('POST /api/github/app-manifest');
  });

  it('says what to do if the process dies after GitHub used up the code', async () => {
    const callback = await system.create();
    system.github.failWhen((request) =>
      request.endsWith('/conversions') ? { kind: 'slow body', isApplied: true } : null,
    );
    const before = system.conversions;
    const lost = system.visit(callback).catch((error: unknown) => error);
    await eventually('GitHub to use up the code', () =>
      Promise.resolve(system.conversions > before ? true : undefined),
    );
    const api = system.nexos.app('api');
    await api.stop('SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    system.github.failWhen(null);
    api.start();
    await system.nexos.ready();

    expect(await system.describe()).toMatchObject({ configured: false, source: null });
    // The claim of the process that died ends by itself.
    const detail = await eventually('the code to be exchanged again', async () => {
      const text = await conflict(await system.visit(callback));
      return text.includes('Reload this page') ? undefined : text;
    });
    expect(detail).toContain('GitHub does not know this code');
    expect(detail).toContain(`${system.github.webUrl}/settings/apps`);
    await system.connect();
    expect(await system.describe()).toMatchObject({ configured: true });
  });

  it('tells an operator who was overtaken by another one to delete the App that is not used', async () => {
    const one = await system.create({ name: 'One' });
    const { manifests } = system.github;
    const id = manifests.nextId;
    manifests.nextId = id + 1;
    const callbacks = [one, await system.create({ name: 'Two' })];
    manifests.nextId = id;
    const before = system.conversions;
    system.github.delayMs = 1_500;
    const visits = callbacks.map((callback) => system.visit(callback));
    await eventually('both codes to be exchanged', () =>
      Promise.resolve(system.conversions === before + 2 ? true : undefined),
    );
    const responses = await Promise.all(visits);
    system.github.delayMs = 0;
    const late = responses.find(({ status }) => status === 409);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 409]);
    const detail = await conflict(late ?? Response.error());
    expect(detail).toContain('Another App was stored');
    expect(detail).toContain(`${system.github.webUrl}/settings/apps`);
    expect(await system.describe()).toMatchObject({ configured: true });
  });

  it('refuses a second App, and leaves its code usable until the first is forgotten', async () => {
    const second = await system.create({ name: 'Second' });
    await system.connect({ name: 'First' });
    const response = await system.nexos.api.request('POST', '/github/app-manifest', {});
    expect(await conflict(response)).toContain('DELETE /api/github/app');
    expect(await conflict(await system.visit(second))).toContain('DELETE /api/github/app');
    expect((await system.nexos.api.request('DELETE', '/github/app')).status).toBe(204);
    expect((await system.nexos.api.request('DELETE', '/github/app')).status).toBe(404);
    expect(await (await system.visit(second)).text()).toContain('<bdi>Second</bdi>');
  });
});
