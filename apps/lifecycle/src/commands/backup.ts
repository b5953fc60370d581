import 'reflect-metadata';
import { parseArgs } from 'node:util';
import {
  BackupError,
  listBackups,
  openBackup,
  openStore,
  removeOldBackups,
  verifyBackup,
} from '@nexos/backup';
import { BackupConfig, loadConfigOrExit } from '@nexos/config';
import { archiveEngine } from '@nexos/engine';
import { BACKUP_COMMAND_CONFIG } from '../backup/backup-command.config.js';
import { backUp } from '../backup/back-up.js';
import { runCommand } from '../backup/run-command.js';

const USAGE = `Backs up the database and the data of all projects, while everything runs.

  npm run backup -- --to PLACE [--with-keys [--file PATH]...] [--keep N]
  npm run backup -- --to PLACE --list
  npm run backup -- --to PLACE --verify NAME

  --to PLACE           a folder, or s3://BUCKET/PREFIX with BACKUP_S3_ENDPOINT, BACKUP_S3_ACCESS_KEY and BACKUP_S3_SECRET_KEY
  --with-keys          add the encryption keys, sealed with BACKUP_PASSPHRASE
  --file PATH          seal this file too, such as docker/.env or a certificate; may be repeated
  --keep N             then remove all whole backups but the newest N
  --skip-other-nodes   leave out data on other nodes instead of failing
  --without-images     leave out the images of environments, which then have to be deployed again
  --list               list the backups
  --verify NAME        read a backup and compare its checksums
  --help               show this text
`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        to: { type: 'string' },
        'with-keys': { type: 'boolean' },
        file: { type: 'string', multiple: true },
        keep: { type: 'string' },
        'skip-other-nodes': { type: 'boolean' },
        'without-images': { type: 'boolean' },
        list: { type: 'boolean' },
        verify: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const { to, keep, file: files = [] } = values;
    if (to === undefined) throw new TypeError('--to is required.');
    if (keep !== undefined && !/^[1-9]\d{0,3}$/.test(keep)) {
      throw new TypeError('--keep must be a number from 1 to 9999.');
    }
    if (files.length > 0 && values['with-keys'] !== true) throw new TypeError('--file needs --with-keys.');
    return { ...values, to, files, keep: keep === undefined ? null : Number(keep) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
const requested = readArguments();

await runCommand(async (signal) => {
  if (requested.list === true || requested.verify !== undefined) {
    const { backup } = loadConfigOrExit({ backup: BackupConfig });
    const store = await openStore(requested.to, backup);
    if (requested.verify !== undefined) {
      await verifyBackup(store, await openBackup(store, requested.verify));
      print(`${requested.verify} is whole and undamaged`);
      return;
    }
    for (const { name, isWhole } of await listBackups(store))
      print(`${name}  ${isWhole ? 'whole' : 'cut short'}`);
    return;
  }
  const config = loadConfigOrExit(BACKUP_COMMAND_CONFIG);
  const store = await openStore(requested.to, config.backup);
  const { name, bytes, skipped } = await backUp(
    store,
    {
      withKeys: requested['with-keys'] === true,
      files: requested.files,
      skipOtherNodes: requested['skip-other-nodes'] === true,
      withoutImages: requested['without-images'] === true,
    },
    { config, engine: archiveEngine(config.engine), log: (line) => print(`backing up ${line}`), signal },
  );
  for (const line of skipped) print(`not backed up: ${line}`);
  print(`${name} is complete: ${bytes} bytes`);
  if (requested['with-keys'] !== true) {
    print(
      'It does not contain ENCRYPTION_KEY, without which its secrets cannot be read. Keep that key elsewhere.',
    );
  }
  if (requested.keep === null) return;
  for (const old of await removeOldBackups(store, requested.keep, new Date())) print(`removed ${old}`);
}, BackupError);
