import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MirrorFolder } from '../mirror-folder.js';
import { SubmoduleOrigins } from './submodule-origins.js';

const SHA = 'a'.repeat(40);
let folder: string;
let mirror: MirrorFolder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nexos-origins-'));
  mirror = new MirrorFolder(folder, 'proj_1');
  await mkdir(mirror.path);
});
afterEach(() => rm(folder, { recursive: true }));

describe('SubmoduleOrigins', () => {
  it('knows the repository and the reader of a commit, also in the next build', async () => {
    await new SubmoduleOrigins(mirror).add('octo/Lib', SHA, 'granted');
    const origins = new SubmoduleOrigins(mirror);
    expect(await origins.has('Octo/lib', SHA, ['anyone', 'granted'])).toBe(true);
    expect(await origins.has('octo/lib', SHA, ['anyone', 'project'])).toBe(false);
    expect(await origins.has('octo/other', SHA, ['granted'])).toBe(false);
    expect(await origins.has('octo/lib', 'b'.repeat(40), ['granted'])).toBe(false);
    expect(await readdir(mirror.path)).toEqual(['nexos-submodules']);
  });

  it('knows nothing in a new mirror', async () => {
    expect(await new SubmoduleOrigins(mirror).has('octo/lib', SHA, ['anyone'])).toBe(false);
  });

  it('forgets the oldest of more than a thousand', async () => {
    const origins = new SubmoduleOrigins(mirror);
    for (let index = 0; index <= 1_000; index++) await origins.add(`octo/lib-${index}`, SHA, 'anyone');
    expect(await origins.has('octo/lib-0', SHA, ['anyone'])).toBe(false);
    expect(await origins.has('octo/lib-1', SHA, ['anyone'])).toBe(true);
  });
});
