import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MirrorFixture, processes, REPOSITORY, TOKEN } from '../git/mirror-fixture.js';
import { PROMPT_MS } from '../../support/eventually.js';

describe('access to a private repository', () => {
  let fixture: MirrorFixture;
  let sha: string;

  beforeEach(async () => {
    fixture = await MirrorFixture.create({ private: true });
    sha = await fixture.repository.commit({ files: { 'a.txt': 'one' } });
    await fixture.repository.push();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('requires the right token', async () => {
    for (const token of [undefined, 'ghs_wrong']) {
      await expect(fixture.mirror().fetchCommit(fixture.request(sha, { token }))).rejects.toMatchObject({
        code: 'repository_access_denied',
        message: expect.stringContaining('GitHub App is installed') as string,
      });
    }
    await fixture.mirror().fetchCommit(fixture.request(sha, { token: TOKEN }));
    const signal = new AbortController().signal;
    const tip = await fixture
      .mirror()
      .tipOf({ repository: REPOSITORY, branch: 'main', token: TOKEN, signal });
    expect(tip).toBe(sha);
  });

  it('keeps the token out of process arguments, mirror files and errors', async () => {
    const encoded = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
    fixture.server.simulate({ kind: 'slow', milliseconds: 60_000 });
    const controller = new AbortController();
    const request = fixture.request(sha, { token: TOKEN, signal: controller.signal });
    const outcome = fixture
      .mirror()
      .fetchCommit(request)
      .catch((error: unknown) => error);
    const isOurs = (line: string): boolean => line.includes(fixture.server.url);
    await vi.waitFor(async () => expect((await processes(isOurs)).size).toBeGreaterThan(1), {
      timeout: PROMPT_MS,
    });
    for (const line of (await processes(() => true)).values()) {
      expect(line).not.toContain(TOKEN);
      expect(line).not.toContain(encoded);
    }
    controller.abort(new Error('seen enough'));
    await outcome;
    fixture.server.simulate(null);
    await fixture.mirror().fetchCommit(fixture.request(sha, { token: TOKEN }));
    for (const entry of await readdir(fixture.mirrorDir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name), 'latin1');
      expect(content).not.toContain(TOKEN);
      expect(content).not.toContain(encoded);
    }
    const next = await fixture.repository.commit({ files: { 'a.txt': 'two' } });
    fixture.server.simulate({ kind: 'status', status: 403 });
    const error: unknown = await fixture
      .mirror()
      .fetchCommit(fixture.request(next, { token: TOKEN }))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'repository_access_denied' });
    const { message, cause } = error as Error;
    for (const text of [message, String(cause), inspect(error, { depth: 10 })]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(encoded);
    }
  });

  it('does not follow a redirect to another host with the token', async () => {
    const other = await MirrorFixture.create();
    try {
      fixture.server.simulate({ kind: 'redirect', origin: other.server.url });
      await expect(
        fixture.mirror().fetchCommit(fixture.request(sha, { token: TOKEN })),
      ).rejects.toMatchObject({
        code: 'repository_access_denied',
      });
      expect(other.server.requests).toEqual([]);
    } finally {
      await other.remove();
    }
  });
});
