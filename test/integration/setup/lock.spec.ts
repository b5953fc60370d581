import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify } from '../../../docker/local/process-identity.mjs';
import { withLock } from '../../../docker/local/set-up-lock.mjs';

describe('the lock of setup', () => {
  let home: string;
  const quiet = () => undefined;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nexos-lock-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('is taken over from a process that no longer runs', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(join(home, 'setup.lock'), JSON.stringify(identify(child.pid ?? 0)));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withLock(home, 'setup', quiet, () => Promise.resolve('taken'))).toBe('taken');
  });

  it('is taken over when its process id has been given to another process', async () => {
    writeFileSync(join(home, 'setup.lock'), JSON.stringify({ pid: process.pid, began: '1' }));
    expect(await withLock(home, 'setup', quiet, () => Promise.resolve('taken'))).toBe('taken');
  });

  it('is taken over when it holds nothing that can be read', async () => {
    writeFileSync(join(home, 'setup.lock'), '');
    expect(await withLock(home, 'setup', quiet, () => Promise.resolve('taken'))).toBe('taken');
  });

  it('is given up when the work fails', async () => {
    await expect(withLock(home, 'setup', quiet, () => Promise.reject(new Error('no luck')))).rejects.toThrow(
      'no luck',
    );
    expect(await withLock(home, 'setup', quiet, () => Promise.resolve('taken'))).toBe('taken');
  });

  it('lets one of many processes in at a time, also past a stale lock', async () => {
    writeFileSync(join(home, 'setup.lock'), JSON.stringify({ pid: 1, began: 'never' }));
    const journal = join(home, 'journal');
    const module = new URL('../../../docker/local/set-up-lock.mjs', import.meta.url).href;
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { withLock } from '${module}';
      await withLock('${home}', 'setup', () => {}, async () => {
        appendFileSync('${journal}', 'in ');
        await setTimeout(30);
        appendFileSync('${journal}', 'out ');
      });`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
    );
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(readFileSync(journal, 'utf8')).toBe('in out '.repeat(6));
  });
});
