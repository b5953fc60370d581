import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { MirrorFixture } from './mirror-fixture.js';

const pointer = (size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${'1'.repeat(64)}\nsize ${size}\n`;

describe('pointers to files in Git LFS', () => {
  let fixture: MirrorFixture;

  beforeEach(async () => {
    fixture = await MirrorFixture.create();
  });
  afterEach(async () => {
    await fixture.remove();
  });

  it('are listed with their paths in the context', async () => {
    const sha = await fixture.fetched({
      'web/Dockerfile': 'FROM scratch',
      'web/big.bin': pointer(1),
      'web/same.bin': pointer(1),
      'web/assets/größe.png': pointer(123_456_789_012),
      'web/windows.bin': pointer(7).replaceAll('\n', '\r\n'),
      'web/program': { executable: pointer(3) },
      'web/readme': `This text quotes one:\n${pointer(4)}`,
      'web/other': 'x'.repeat(130),
      'web/empty': '',
      'web/link': { link: pointer(5).replaceAll('\n', ' ') },
      'elsewhere.bin': pointer(6),
    });
    const { lfsPointers } = await fixture.archive(sha, { buildContext: 'web', dockerfile: 'web/Dockerfile' });
    expect(lfsPointers.toSorted()).toEqual(
      ['assets/größe.png', 'big.bin', 'program', 'same.bin', 'windows.bin'].toSorted(),
    );
  });

  it('are not listed when the .dockerignore excludes them', async () => {
    const files = { Dockerfile: 'FROM scratch', '.dockerignore': '*.bin\n!b.bin', 'a.bin': pointer(1) };
    const none = await fixture.archive(await fixture.fetched(files));
    expect(none.lfsPointers).toEqual([]);
    const one = await fixture.archive(await fixture.fetched({ ...files, 'b.bin': pointer(1) }));
    expect(one.lfsPointers).toEqual(['b.bin']);
  });

  it('are found in submodules', async () => {
    const lib = await TestRepository.create(await fixture.server.createRepository('octo', 'lib'));
    const submodule = await lib.commit({ files: { 'big.bin': pointer(1) } });
    await lib.push();
    await lib.remove();
    const sha = await fixture.pushed({
      Dockerfile: 'FROM scratch',
      '.gitmodules': '[submodule "lib"]\npath = lib\nurl = ../lib\n',
      lib: { submodule },
    });
    const source = await fixture.mirror().fetchCommit(fixture.request(sha));
    expect((await fixture.archive(source.sha)).lfsPointers).toEqual(['lib/big.bin']);
  });
});
