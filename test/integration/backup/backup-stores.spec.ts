import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import {
  type BackupStore,
  BackupWriter,
  listBackups,
  openBackup,
  openFile,
  openStore,
  removeOldBackups,
  verifyBackup,
} from '@nexos/backup';
import { BackupConfig, loadConfig } from '@nexos/config';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { S3ServerProcess } from '../../support/s3-server.js';

const MIB = 1024 * 1024;
/** More than two parts of an upload, and no multiple of their size. */
const LARGE = Buffer.alloc(37 * MIB + 1, 'nexos ');
const CONTENTS = {
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:01:00Z',
  nexosVersion: '1.2.3',
  instance: 'nexos',
  nodeId: 'node',
  keyIds: ['12345678'],
  hasKeys: false,
  database: {},
  volumes: [],
  skipped: [],
};
const FIRST = '20260101T000000Z-000001';
const SECOND = '20260102T000000Z-000002';
const THIRD = '20260103T000000Z-000003';
const FOURTH = '20260103T120000Z-000004';

// eslint-disable-next-line @typescript-eslint/require-await
async function* chunksOf(content: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += 64 * 1024) yield content.subarray(at, at + 64 * 1024);
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(MIB);
  throw new Error('the source broke off');
}

/** Costs about 3 s. */
describe.each(['folder', 's3'])('backups in a %s', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'nexos-backups-'));
  let server: S3ServerProcess | undefined;
  let store: BackupStore;
  let counter = 0;

  beforeAll(async () => {
    if (kind === 's3') server = await S3ServerProcess.start(folder);
  });
  beforeEach(async () => {
    const config = loadConfig({ backup: BackupConfig }, server?.env ?? {}).backup;
    const place = `${server?.location ?? folder}/${kind}-${++counter}`;
    store = await openStore(place, config);
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function write(name: string, content = Buffer.from('content')): Promise<void> {
    const writer = new BackupWriter(store, name);
    await writer.write('data.gz', chunksOf(content));
    await writer.finish(CONTENTS);
  }

  it('returns what was written, also in several parts', async () => {
    await store.write('top/large', chunksOf(LARGE));
    expect((await buffer(await store.read('top/large'))).equals(LARGE)).toBe(true);
    await store.write('top/empty', chunksOf(Buffer.alloc(0)));
    expect(await buffer(await store.read('top/empty'))).toHaveLength(0);
    await write(FIRST, LARGE);
    const manifest = await openBackup(store, FIRST);
    await verifyBackup(store, manifest);
    expect((await buffer(await openFile(store, manifest, 'data.gz'))).equals(LARGE)).toBe(true);
  });

  it('never takes a backup that was cut short for a whole one', async () => {
    const writer = new BackupWriter(store, FIRST);
    await writer.write('data.gz', chunksOf(Buffer.from('content')));
    await expect(writer.write('more.gz', failing())).rejects.toThrow('broke off');
    expect(await store.exists(`${FIRST}/more.gz`)).toBe(false);
    expect(await listBackups(store)).toEqual([{ name: FIRST, isWhole: false }]);
    await expect(openBackup(store)).rejects.toThrow('no whole backup');
    await expect(openBackup(store, FIRST)).rejects.toThrow('was cut short');
  });

  it('refuses a damaged file, a missing file and a damaged manifest', async () => {
    await write(FIRST);
    const manifest = await openBackup(store, FIRST);
    await store.write(`${FIRST}/data.gz`, chunksOf(Buffer.from('other')));
    await expect(verifyBackup(store, manifest)).rejects.toThrow('data.gz');
    await store.removeTop(FIRST);
    await expect(verifyBackup(store, manifest)).rejects.toThrow('missing');
    await write(SECOND);
    const text = (await buffer(await store.read(`${SECOND}/manifest.json`))).toString();
    await store.write(
      `${SECOND}/manifest.json`,
      chunksOf(Buffer.from(text.replace('"instance": "nexos"', '"instance": "other"'))),
    );
    await expect(openBackup(store, SECOND)).rejects.toThrow('damaged');
  });

  it('keeps the newest whole backups, and one that may still be written', async () => {
    for (const name of [FIRST, SECOND, THIRD]) await write(name);
    await new BackupWriter(store, FOURTH).write('data.gz', chunksOf(Buffer.from('unfinished')));
    const now = new Date('2026-01-03T13:00:00Z');
    expect(await removeOldBackups(store, 2, now)).toEqual([FIRST]);
    expect((await listBackups(store)).map(({ name }) => name)).toEqual([SECOND, THIRD, FOURTH]);
    const later = new Date('2026-01-05T13:00:00Z');
    expect(await removeOldBackups(store, 1, later)).toEqual([SECOND, FOURTH]);
    expect(await listBackups(store)).toEqual([{ name: THIRD, isWhole: true }]);
  });

  it('removes all that a backup has', async () => {
    await write(FIRST);
    await store.removeTop(FIRST);
    expect(await store.listTop()).toEqual([]);
    if (kind === 'folder') expect(readdirSync(join(folder, `folder-${counter}`))).toEqual([]);
  });
});
