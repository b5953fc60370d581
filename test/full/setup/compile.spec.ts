import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../docker/local/compile.js';
import { root as projectRoot } from '../../../docker/local/home.js';

describe('compilation', () => {
  const root = mkdtempSync(join(tmpdir(), 'nexos-compile-'));
  const run = () => compile({ root, home: join(root, '.nexos'), log: () => undefined });
  const output = (path: string) => join(root, 'dist', path);

  beforeAll(async () => {
    symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    for (const file of [
      'tsconfig.build.json',
      'package-lock.json',
      'package.json',
      'docker/local/bundle.mjs',
    ]) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      await promisify(execFile)('cp', ['--', join(projectRoot, file), join(root, file)]);
    }
    write('libs/domain/src/index.ts', "export const word: string = 'hello';\n");
    write('apps/gone/src/main.ts', 'console.log();\n');
    write('apps/api/src/main.ts', "import { word } from '@nexos/domain';\nconsole.log(word);\n");
    write('apps/api/src/main.spec.ts', 'does not compile\n');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('bundles apps that run, and skips unchanged sources', async () => {
    expect(await run()).toBe(true);
    const { stdout } = await promisify(execFile)(process.execPath, [output('apps/api/src/main.js')]);
    expect(stdout).toBe('hello\n');
    write('apps/api/src/main.spec.ts', 'does not compile either\n');
    expect(await run()).toBe(false);
  });

  it('deletes the output of deleted sources and includes changes', async () => {
    expect(existsSync(output('apps/gone/src/main.js'))).toBe(true);
    rmSync(join(root, 'apps/gone/src/main.ts'));
    write('libs/domain/src/index.ts', "export const word: string = 'changed';\n");
    expect(await run()).toBe(true);
    expect(existsSync(output('apps/gone/src/main.js'))).toBe(false);
    const { stdout } = await promisify(execFile)(process.execPath, [output('apps/api/src/main.js')]);
    expect(stdout).toBe('changed\n');
  });

  it('runs again after it was interrupted', async () => {
    rmSync(output('.nexos-stamp'));
    rmSync(output('apps/api/src/main.js'));
    expect(await run()).toBe(true);
    expect(existsSync(output('apps/api/src/main.js'))).toBe(true);
  });

  it('reports an error with file and line, and reports it again next time', async () => {
    write('apps/api/src/main.ts', "import { missing } from './missing.js';\nconsole.log(missing);\n");
    await expect(run()).rejects.toThrow(/apps\/api\/src\/main\.ts:1:.*Could not resolve "\.\/missing\.js"/);
    await expect(run()).rejects.toThrow(/Could not resolve "\.\/missing\.js"/);
  });

  function write(path: string, text: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
