import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESTORE_SEED } from './seed-restore.js';

let bin = '';

beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'seed-restore-'));
  await writeFile(join(bin, 'pg_isready'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const psql = `#!/bin/sh\ncase "$*" in *shobj_description*) echo 'nexos: seed begun' ;; *) echo 1 ;; esac\n`;
  await writeFile(join(bin, 'psql'), psql, { mode: 0o755 });
});
afterAll(() => rm(bin, { recursive: true }));

describe('RESTORE_SEED', () => {
  it('says where a seed can be removed when an earlier restore may have stopped halfway', async () => {
    const env = { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) };
    const result = await new Promise<{ failed: boolean; stdout: string }>((resolve) => {
      execFile('/bin/sh', ['-ec', RESTORE_SEED], { env }, (error, stdout) => {
        resolve({ failed: error !== null, stdout });
      });
    });
    expect(result.failed).toBe(true);
    expect(result.stdout).toContain("remove the seed from nexos.yaml or the project's settings to keep");
  });
});
