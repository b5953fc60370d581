import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { BackupError, type BackupStore, type Keys, type Manifest, openFile, openKeys } from '@nexos/backup';

/** Decrypts the keys of a backup. @throws {BackupError} when it has none, or for another passphrase */
export async function readKeys(
  store: BackupStore,
  manifest: Manifest,
  passphrase: string | undefined,
): Promise<Keys> {
  if (!manifest.hasKeys)
    throw new BackupError(`${manifest.name} has no keys: it was made without --with-keys.`);
  if (passphrase === undefined) {
    throw new BackupError('Set BACKUP_PASSPHRASE to the passphrase that the backup was made with.');
  }
  return openKeys(await buffer(await openFile(store, manifest, 'keys.sealed')), passphrase);
}

/**
 * Writes the keys to `keys.env` in a folder, as variables for `docker/.env`, and the files beside it. Overwrites nothing.
 *
 * @returns the paths
 */
export async function writeKeys(keys: Keys, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  const write = async (name: string, content: string | Buffer) => {
    const path = join(folder, basename(name));
    await writeFile(path, content, { mode: 0o600, flag: 'wx' });
    written.push(path);
  };
  const lines = Object.entries(keys.variables).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  await write('keys.env', lines.join(''));
  for (const [name, content] of Object.entries(keys.files)) await write(name, Buffer.from(content, 'base64'));
  return written;
}
