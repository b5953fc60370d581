import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ABSENT, MirrorFixture, processes, PROJECT } from '../../integration/git/mirror-fixture.js';
import { PROMPT_MS } from '../../support/eventually.js';

describe('a failing fetch', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it.each([
    [{ kind: 'status', status: 500 }, 'repository_unreachable'],
    [{ kind: 'status', status: 404 }, 'repository_access_denied'],
    [{ kind: 'status', status: 403 }, 'repository_access_denied'],
    [{ kind: 'refuse' }, 'repository_unreachable'],
    [{ kind: 'slow', milliseconds: 60_000 }, 'repository_unreachable'],
    [{ kind: 'cut-off', afterBytes: 10 }, 'repository_unreachable'],
    [{ kind: 'cut-off', afterBytes: 20_000 }, 'repository_unreachable'],
  ] as const)('reports the fault %j as %s, and recovers', async (fault, code) => {
    const sha = await fixture.pushed({ 'a.bin': randomBytes(100_000) });
    fixture.server.simulate(fault);
    const failed = fixture.mirror({ fetchTimeoutSeconds: 1 }).fetchCommit(fixture.request(sha));
    const error: unknown = await failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DeploymentFailure', code });
    expect((error as Error).message).not.toContain(fixture.folder);
    fixture.server.simulate(null);
    await fixture.mirror().fetchCommit(fixture.request(sha));
  });

  it('reports a missing host as unreachable', async () => {
    const nowhere = fixture.mirror({ url: 'http://127.0.0.1:1' });
    await expect(nowhere.fetchCommit(fixture.request(ABSENT))).rejects.toMatchObject({
      code: 'repository_unreachable',
    });
  });

  it('terminates git at once when it is aborted', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    fixture.server.simulate({ kind: 'slow', milliseconds: 60_000 });
    const controller = new AbortController();
    const fetching = fixture.mirror().fetchCommit(fixture.request(sha, { signal: controller.signal }));
    const outcome = fetching.catch((error: unknown) => error);
    const isOurs = (line: string): boolean => line.includes(fixture.server.url);
    await vi.waitFor(async () => expect((await processes(isOurs)).size).toBeGreaterThan(1), {
      timeout: PROMPT_MS,
    });
    const reason = new Error('superseded');
    const started = Date.now();
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    expect(Date.now() - started).toBeLessThan(PROMPT_MS);
    expect(await processes(isOurs)).toEqual(new Map());
  });

  it('stops waiting for its turn on an abort', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    fixture.server.simulate({ kind: 'slow', milliseconds: 60_000 });
    const first = new AbortController();
    const second = new AbortController();
    const holding = fixture.mirror().fetchCommit(fixture.request(sha, { signal: first.signal }));
    const held = holding.catch((error: unknown) => error);
    await vi.waitFor(() => expect(fixture.server.requests.length).toBeGreaterThan(0), { timeout: PROMPT_MS });
    const waiting = fixture.mirror().fetchCommit(fixture.request(sha, { signal: second.signal }));
    second.abort(new Error('superseded'));
    await expect(waiting).rejects.toThrow('superseded');
    first.abort(new Error('also superseded'));
    expect(await held).toMatchObject({ message: 'also superseded' });
    fixture.server.simulate(null);
    await fixture.mirror().fetchCommit(fixture.request(sha));
  });

  it('waits while another process holds the mirror', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    await mkdir(fixture.mirrorDir, { recursive: true });
    const lock = join(fixture.mirrorDir, `${PROJECT}.flock`);
    const other = spawn('flock', ['-x', lock, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    other.stdin.write('locked');
    await once(other.stdout, 'data');
    const isWaiting = (line: string): boolean => line.includes(`-x ${lock} cat`);
    const seen = fixture.server.requests.length;
    const fetching = fixture.mirror().fetchCommit(fixture.request(sha));
    await vi.waitFor(async () => expect((await processes(isWaiting)).size).toBe(2), { timeout: PROMPT_MS });
    expect(fixture.server.requests.length).toBe(seen);
    other.stdin.end();
    await fetching;
    expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
  });

  it('recreates a mirror that is no longer a repository', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    await rm(join(fixture.mirrorDir, `${PROJECT}.git`, 'objects'), { recursive: true });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
  });

  it('recreates a mirror that has lost objects', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    const objects = join(fixture.mirrorDir, `${PROJECT}.git`, 'objects');
    const loose = (await readdir(objects)).filter((name) => name.length === 2);
    for (const name of loose) {
      for (const file of await readdir(join(objects, name))) {
        if (`${name}${file}` !== sha) await truncate(join(objects, name, file), 0);
      }
    }
    await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(await fixture.fileOf(sha, 'a.txt')).toBe('one');
  });

  it('removes the locks of killed processes at boot, but none in use', async () => {
    const sha = await fixture.pushed({ 'a.txt': 'one' });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    const git = join(fixture.mirrorDir, `${PROJECT}.git`);
    await mkdir(join(git, 'refs', 'nexos'), { recursive: true });
    const stale = [join(git, 'shallow.lock'), join(git, 'refs', 'nexos', `${sha}.lock`)];
    for (const path of stale) await writeFile(path, '');
    await fixture.mirror().removeStaleLocks();
    const left = await readdir(git, { recursive: true });
    expect(left.filter((name) => name.endsWith('.lock'))).toEqual([]);

    const next = await fixture.pushed({ 'a.txt': 'two' });
    fixture.server.simulate({ kind: 'slow', milliseconds: 60_000 });
    const controller = new AbortController();
    const seen = fixture.server.requests.length;
    const fetching = fixture.mirror().fetchCommit(fixture.request(next, { signal: controller.signal }));
    const outcome = fetching.catch((error: unknown) => error);
    await vi.waitFor(() => expect(fixture.server.requests.length).toBeGreaterThan(seen), {
      timeout: PROMPT_MS,
    });
    await writeFile(join(git, 'working.lock'), '');
    await fixture.mirror().removeStaleLocks();
    expect(await readdir(git)).toContain('working.lock');
    controller.abort(new Error('done'));
    await outcome;
  });
});
