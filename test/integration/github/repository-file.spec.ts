import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MirrorFixture } from './mirror-fixture.js';

describe('reading one file of a commit', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('answers its bytes, null when there is none, and refuses paths that climb out', async () => {
    const sha = await fixture.fetched({
      'größe.txt': 'text\n',
      link: { link: 'größe.txt' },
      out: { link: '/etc/passwd' },
      'big.bin': randomBytes(2000),
    });
    expect(await fixture.fileOf(sha, 'größe.txt')).toBe('text\n');
    expect(await fixture.fileOf(sha, 'link')).toBe('text\n');
    for (const path of ['gone', 'out', '']) expect(await fixture.fileOf(sha, path)).toBeUndefined();
    for (const path of ['../HEAD', '/etc/passwd', 'a\nb']) {
      await expect(fixture.fileOf(sha, path)).rejects.toThrow('stays inside');
    }
    await expect(fixture.fileOf(sha, 'big.bin')).rejects.toThrow('more than 1000 bytes');
  });
});
