import { createHash } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { BackupError } from './backup-error.js';
import type { BackupStore } from './backup-store.js';
import { isBackupName, type Manifest, readManifest, startOf } from './manifest.js';

/** A backup that was cut short is removed after this time, when no other process can be writing it any more. */
const CUT_SHORT_MS = 86_400_000;

/** A backup in a store. */
export interface ListedBackup {
  readonly name: string;
  /** False while it is being written, and for one that was cut short. */
  readonly isWhole: boolean;
}

/** Lists backups, oldest first. */
export async function listBackups(store: BackupStore): Promise<ListedBackup[]> {
  const names = (await store.listTop()).filter(isBackupName).sort();
  return await Promise.all(
    names.map(async (name) => ({ name, isWhole: await store.exists(`${name}/manifest.json`) })),
  );
}

/**
 * Reads the manifest of a backup, by default of the newest whole one.
 *
 * @throws {BackupError} when the backup does not exist, was cut short, or has a damaged manifest
 */
export async function openBackup<Database>(store: BackupStore, name?: string): Promise<Manifest<Database>> {
  const backups = await listBackups(store);
  const chosen = name === undefined ? backups.findLast(({ isWhole }) => isWhole) : byName(backups, name);
  if (chosen === undefined) throw new BackupError('There is no whole backup here.');
  if (!chosen.isWhole) throw new BackupError(`${chosen.name} was cut short. Restore another backup.`);
  return readManifest(await text(await store.read(`${chosen.name}/manifest.json`)), chosen.name);
}

function byName(backups: readonly ListedBackup[], name: string): ListedBackup {
  const found = backups.find((backup) => backup.name === name);
  if (found === undefined) throw new BackupError(`There is no backup ${name} here. List them with --list.`);
  return found;
}

/**
 * Reads every file of a backup and compares it with the manifest.
 *
 * @throws {BackupError} naming the first file that is missing or damaged
 */
export async function verifyBackup(store: BackupStore, manifest: Manifest): Promise<void> {
  for (const { path, bytes, sha256 } of manifest.files) {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of (await store.read(`${manifest.name}/${path}`)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      length += chunk.length;
    }
    if (length === bytes && hash.digest('hex') === sha256) continue;
    throw new BackupError(`${path} of ${manifest.name} is damaged. Restore another backup.`);
  }
}

/** Opens a file of a backup as it was before it was compressed. */
export async function openFile(store: BackupStore, manifest: Manifest, path: string): Promise<Readable> {
  const file = await store.read(`${manifest.name}/${path}`);
  return pipeline(file, createGunzip(), () => undefined);
}

/**
 * Removes all whole backups but the newest, and those that were cut short more than a day ago.
 *
 * @param keep how many to keep, at least 1
 * @returns the names of those that were removed
 */
export async function removeOldBackups(store: BackupStore, keep: number, now: Date): Promise<string[]> {
  const backups = await listBackups(store);
  const old = backups.filter(({ isWhole }) => isWhole).slice(0, -keep);
  const cutShort = backups.filter(
    ({ name, isWhole }) => !isWhole && now.getTime() - startOf(name).getTime() > CUT_SHORT_MS,
  );
  const names = [...old, ...cutShort].map(({ name }) => name).sort();
  for (const name of names) await store.removeTop(name);
  return names;
}
