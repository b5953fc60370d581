import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureNodeModules } from '../../../docker/local/node-modules.mjs';

describe('node modules', () => {
  let root: string;
  const lines: string[] = [];
  const ensure = () => ensureNodeModules(root, (line) => lines.push(line));

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'nexos-modules-'));
    mkdirSync(join(root, 'local/left-pad'), { recursive: true });
    writeFileSync(join(root, 'local/left-pad/package.json'), '{"name":"left-pad","version":"1.0.0"}');
    write('1.0.0');
    lines.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are installed when missing, and again when package-lock.json changes', async () => {
    await ensure();
    expect(existsSync(join(root, 'node_modules/left-pad/package.json'))).toBe(true);
    writeFileSync(join(root, 'node_modules/from-before'), '');
    await ensure();
    expect(existsSync(join(root, 'node_modules/from-before'))).toBe(true);
    write('1.0.1');
    await ensure();
    expect(existsSync(join(root, 'node_modules/from-before'))).toBe(false);
  });

  it('are kept when npm has already installed the same package-lock.json', async () => {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: 'ignore' });
    writeFileSync(join(root, 'node_modules/from-before'), '');
    await ensure();
    expect(existsSync(join(root, 'node_modules/from-before'))).toBe(true);
  });

  it('are installed again after an interrupted installation', async () => {
    await ensure();
    rmSync(join(root, 'node_modules/.package-lock.json'));
    writeFileSync(join(root, 'node_modules/from-before'), '');
    await ensure();
    expect(existsSync(join(root, 'node_modules/from-before'))).toBe(false);
  });

  function write(version: string): void {
    writeFileSync(join(root, 'local/left-pad/package.json'), JSON.stringify({ name: 'left-pad', version }));
    const own = { name: 'clone', version: '0.0.0', dependencies: { 'left-pad': 'file:local/left-pad' } };
    writeFileSync(join(root, 'package.json'), JSON.stringify(own));
    const packages = {
      '': own,
      'local/left-pad': { version },
      'node_modules/left-pad': { resolved: 'local/left-pad', link: true },
    };
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ name: 'clone', version: '0.0.0', lockfileVersion: 3, requires: true, packages }),
    );
  }
});
