import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, type Keys } from '@nexos/backup';

/** The keys that the local setup keeps as files. */
const SECRET_FILES = ['ENCRYPTION_KEY', 'GITHUB_WEBHOOK_SECRET'];

/**
 * Gives a clone without an installation the instance id and the keys of a backup, before setup makes new ones.
 *
 * @param home the clone's `.nexos`
 * @param keys null if the operator put them there
 * @throws {BackupError} when the clone has another instance, or another key
 */
export async function prepareHome(home: string, instance: string, keys: Keys | null): Promise<void> {
  await mkdir(join(home, 'secrets'), { recursive: true, mode: 0o700 });
  await writeOnce(join(home, 'instance'), instance, 0o644);
  for (const name of SECRET_FILES) {
    const value = keys?.variables[name];
    if (value !== undefined) await writeOnce(join(home, 'secrets', name), value, 0o600);
  }
}

async function writeOnce(path: string, text: string, mode: number): Promise<void> {
  try {
    await writeFile(path, `${text}\n`, { mode, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if ((await readFile(path, 'utf8')).trim() === text) return;
    throw new BackupError(
      `${path} is not that of the backup. Restore in a fresh clone, or delete this installation first (npm run stop -- --purge).`,
    );
  }
}
