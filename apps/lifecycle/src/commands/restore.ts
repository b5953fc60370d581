import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { BackupError, listBackups, openBackup, openStore } from '@nexos/backup';
import { BackupConfig, loadConfigOrExit } from '@nexos/config';
import { DumpRefusedError } from '@nexos/database';
import { archiveEngine } from '@nexos/engine';
import { BACKUP_COMMAND_CONFIG } from '../backup/backup-command.config.js';
import { prepareHome } from '../backup/prepare-home.js';
import { readKeys, writeKeys } from '../backup/restore-keys.js';
import { restore } from '../backup/restore.js';
import { runCommand } from '../backup/run-command.js';

const USAGE = `Restores a backup into an installation whose apps are stopped. Verifies the whole backup before it changes anything.

  npm run restore -- --from PLACE [--name NAME] [--replace]
  npm run restore -- --from PLACE [--name NAME] --keys-to FOLDER
  npm run restore -- --from PLACE --list

  --from PLACE       a folder, or s3://BUCKET/PREFIX, as for npm run backup
  --name NAME        which backup (default: the newest whole one)
  --replace          delete the installation's database, services and project data first
  --keys-to FOLDER   only write the sealed keys and files into a folder; needs BACKUP_PASSPHRASE
  --list             list the backups
  --help             show this text
`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        from: { type: 'string' },
        name: { type: 'string' },
        replace: { type: 'boolean' },
        'keys-to': { type: 'string' },
        // Given by npm run restore: prepares the clone's folder for the backup's instance and keys.
        home: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    if (values.from === undefined) throw new TypeError('--from is required.');
    return { ...values, from: values.from };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const { from, name, replace = false, list = false, home, 'keys-to': keysTo } = readArguments();

/** Does what needs no installation. @returns whether that was all */
async function prepare(): Promise<boolean> {
  if (!list && keysTo === undefined && home === undefined) return false;
  const { backup } = loadConfigOrExit({ backup: BackupConfig });
  const store = await openStore(from, backup);
  if (list) {
    for (const { name, isWhole } of await listBackups(store))
      print(`${name}  ${isWhole ? 'whole' : 'cut short'}`);
    return true;
  }
  const manifest = await openBackup(store, name);
  if (keysTo !== undefined) {
    const keys = await readKeys(store, manifest, backup.passphrase);
    for (const path of await writeKeys(keys, keysTo)) print(`wrote ${path}`);
  } else if (home !== undefined) {
    const keys = backup.passphrase === undefined ? null : await readKeys(store, manifest, backup.passphrase);
    await prepareHome(home, manifest.instance, keys);
  }
  return true;
}

await runCommand(
  async (signal) => {
    if (await prepare()) return;
    const config = loadConfigOrExit(BACKUP_COMMAND_CONFIG);
    const store = await openStore(from, config.backup);
    const engine = archiveEngine(config.engine);
    const log = (line: string) => {
      print(`restoring: ${line}`);
    };
    const manifest = await restore(store, { name, replace }, { config, engine, log, signal });
    for (const line of manifest.skipped) print(`not in the backup: ${line}`);
    print(`restored ${manifest.name}. Start Nexos: its environments start within a minute.`);
  },
  BackupError,
  DumpRefusedError,
);
