import { randomBytes } from 'node:crypto';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MirrorFixture, processes, PROJECT } from '../../integration/git/mirror-fixture.js';
import { bytes, untar } from '../../integration/git/untar.js';
import { PROMPT_MS } from '../../support/eventually.js';

describe('a broken build context', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('fails when git is killed midway', async () => {
    const sha = await fixture.fetched({ Dockerfile: 'FROM scratch', 'a.bin': randomBytes(900_000) });
    const { stream } = await fixture.archive(sha);
    const archives = await processes((line) => line.includes(`archive --format=tar ${sha}:`));
    expect(archives.size).toBe(1);
    for (const pid of archives.keys()) process.kill(pid, 'SIGKILL');
    await expect(bytes(stream)).rejects.toMatchObject({ code: 'internal_error' });
  });

  it('fails when the mirror has lost part of a file, and the next fetch repairs the mirror', async () => {
    const files = { Dockerfile: 'FROM scratch', 'a.bin': randomBytes(300_000) };
    const sha = await fixture.fetched(files);
    const objects = join(fixture.mirrorDir, `${PROJECT}.git`, 'objects');
    const paths = (await readdir(objects, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const path of paths) await truncateLarge(path);
    const { stream } = await fixture.archive(sha);
    await expect(bytes(stream)).rejects.toMatchObject({ code: 'internal_error' });
    await fixture.mirror().fetchCommit(fixture.request(sha));
    expect(
      (await untar((await fixture.archive(sha)).stream)).get('a.bin')?.content.equals(files['a.bin']),
    ).toBe(true);
  });

  it('terminates git when it is aborted or its reader disconnects', async () => {
    const sha = await fixture.fetched({ Dockerfile: 'FROM scratch', 'a.bin': randomBytes(900_000) });
    const isOurs = (line: string): boolean => line.includes(`archive --format=tar ${sha}:`);
    const controller = new AbortController();
    const aborted = (await fixture.archive(sha, { signal: controller.signal })).stream;
    const reason = new Error('superseded');
    controller.abort(reason);
    await expect(bytes(aborted)).rejects.toBe(reason);
    const left = (await fixture.archive(sha)).stream;
    left.destroy();
    await vi.waitFor(async () => expect(await processes(isOurs)).toEqual(new Map()), { timeout: PROMPT_MS });
  });
});

/** Truncates a large object to half its size. */
async function truncateLarge(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size > 100_000) await truncate(path, Math.floor(size / 2));
}
