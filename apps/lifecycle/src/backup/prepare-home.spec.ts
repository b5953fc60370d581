import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareHome } from './prepare-home.js';

const KEYS = { variables: { ENCRYPTION_KEY: 'the key', REGISTRY_CREDENTIALS: '[]' }, files: {} };

describe('the folder of a clone before a restore', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nexos-home-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it('gets the instance and the keys of the backup', async () => {
    await prepareHome(home, 'abc123', KEYS);
    await prepareHome(home, 'abc123', KEYS);
    expect(readFileSync(join(home, 'instance'), 'utf8')).toBe('abc123\n');
    const key = join(home, 'secrets/ENCRYPTION_KEY');
    expect(readFileSync(key, 'utf8')).toBe('the key\n');
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  it('keeps what it has, and refuses a backup of another installation', async () => {
    await prepareHome(home, 'abc123', KEYS);
    await expect(prepareHome(home, 'other1', null)).rejects.toThrow('instance is not that of the backup');
    const others = { variables: { ENCRYPTION_KEY: 'another key' }, files: {} };
    await expect(prepareHome(home, 'abc123', others)).rejects.toThrow('ENCRYPTION_KEY');
    expect(readFileSync(join(home, 'secrets/ENCRYPTION_KEY'), 'utf8')).toBe('the key\n');
  });
});
