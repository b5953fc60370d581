import { describe, expect, it } from 'vitest';
import { parseGitmodules } from './gitmodules.js';

async function parsed(text: string): Promise<unknown> {
  const entries = await parseGitmodules(Buffer.from(text));
  return entries === null
    ? null
    : Object.fromEntries([...entries].map(([path, { urls }]) => [path, [...urls]]));
}

describe('parseGitmodules', () => {
  it('reads the entries as git does', async () => {
    const text =
      '# comment\n[submodule "a.b \\"c\\""]\n\tpath = lib ; comment\n\turl = "../x;y.git"\n\tbranch = dev\n[SubModule "d"]\nPATH=d/e\nURL=https://h/o/n\n';
    expect(await parsed(text)).toEqual({ lib: ['../x;y.git'], 'd/e': ['https://h/o/n'] });
    const entries = await parseGitmodules(Buffer.from(text));
    expect(entries?.get('lib')?.branch).toBe('dev');
  });

  it('has one character for each byte of a path', async () => {
    const path = Buffer.from('größe').toString('latin1');
    expect(await parsed('[submodule "a"]\npath = größe\nurl = ../a\n')).toEqual({ [path]: ['../a'] });
  });

  it.each(['[submodule "a"\npath = x', '\0', '[submodule "a"]\npath = "x\n'])(
    'returns null for the malformed %j',
    async (text) => {
      expect(await parsed(text)).toBeNull();
    },
  );

  it.each(['', '\n', '[submodule "a"]\n', '[submodule "a"]\nurl = x\n', '[submodule]\npath = x\n'])(
    'finds no entry in %j',
    async (text) => {
      expect(await parsed(text)).toEqual({});
    },
  );

  it('finds a path without an address, and several addresses of one path', async () => {
    expect(await parsed('[submodule "a"]\npath = x\n')).toEqual({ x: [] });
    expect(await parsed('[submodule "a"]\npath = x\nurl\n')).toEqual({ x: [] });
    const twice = '[submodule "a"]\npath = x\nurl = a\n[submodule "b"]\npath = x\nurl = b\n';
    expect(await parsed(twice)).toEqual({ x: ['a', 'b'] });
    expect(await parsed('[submodule "a"]\npath = x\nurl = a\nurl = a\n')).toEqual({ x: ['a'] });
  });

  it('follows no include, and keeps names that mean something to JavaScript', async () => {
    const text = '[include]\npath = /etc/hostname\n[submodule "__proto__"]\npath = constructor\nurl = ../a\n';
    expect(await parsed(text)).toEqual({ constructor: ['../a'] });
  });

  it('returns null when the file would expand beyond measure', async () => {
    const text = `[submodule "${'a'.repeat(100_000)}"]\n${'url=a\n'.repeat(20_000)}`;
    expect(await parsed(text)).toBeNull();
  });
});
