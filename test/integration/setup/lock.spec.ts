import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../docker/local/lock.mjs';

const MODULE = new URL('../../../docker/local/lock.mjs', import.meta.url).href;
const log = (): void => undefined;
const taken = () => Promise.resolve('taken');

describe('the setup lock', () => {
  let folder: string;
  let path: string;
  let children: ChildProcess[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nexos-lock-'));
    path = join(folder, 'setup.lock');
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs `work`, the body of a function with the parameter `lock`, in a process that holds the lock. */
  function holder(work: string): ChildProcess {
    const script = `
      import { spawn } from 'node:child_process';
      import { appendFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { withLock } from '${MODULE}';
      await withLock('${path}', { log: () => {} }, async (lock) => { ${work} });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return child;
  }

  it('is released when its holder is killed', async () => {
    const child = holder(`console.log('held'); await setTimeout(60_000);`);
    await once(child.stdout ?? child, 'data');
    const held = (pid: string) => `${pid} holds it`;
    await expect(withLock(path, { log, waitSeconds: 0, held }, taken)).rejects.toThrow(
      `${child.pid} holds it`,
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withLock(path, { log, waitSeconds: 0 }, taken)).toBe('taken');
  });

  it('is held by a child that outlives its killed parent', async () => {
    const child = holder(`
      const own = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', lock] });
      console.log(own.pid); await setTimeout(60_000);`);
    const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect(withLock(path, { log, waitSeconds: 0 }, taken)).rejects.toThrow(
      /is still locked by process \d+ or its children/,
    );
    process.kill(Number(line.toString()), 'SIGKILL');
    expect(await withLock(path, { log, waitSeconds: 5 }, taken)).toBe('taken');
  });

  it('ignores what an earlier version left in the file', async () => {
    writeFileSync(path, JSON.stringify({ pid: process.pid, began: '1' }));
    expect(await withLock(path, { log }, taken)).toBe('taken');
  });

  it('is released when the work fails', async () => {
    await expect(withLock(path, { log }, () => Promise.reject(new Error('no luck')))).rejects.toThrow(
      'no luck',
    );
    expect(await withLock(path, { log, waitSeconds: 0 }, taken)).toBe('taken');
  });

  it('admits one process at a time', async () => {
    const journal = join(folder, 'journal');
    const work = `appendFileSync('${journal}', 'in '); await setTimeout(30); appendFileSync('${journal}', 'out ');`;
    await Promise.all(Array.from({ length: 6 }, () => once(holder(work), 'exit')));
    expect(readFileSync(journal, 'utf8')).toBe('in out '.repeat(6));
  });
});
