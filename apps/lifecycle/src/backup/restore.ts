import {
  BackupError,
  type BackupStore,
  type Manifest,
  openBackup,
  openFile,
  verifyBackup,
} from '@nexos/backup';
import { Sealer } from '@nexos/crypto';
import { assertKnownMigrations, type DatabaseDump, databaseUse, loadDatabase } from '@nexos/database';
import { type ServiceKind } from '@nexos/domain';
import { type ArchiveEngine } from '@nexos/engine';
import { moveRowsToNode } from '@nexos/state';
import type { BackupCommandConfig } from './backup-command.config.js';
import { VolumeCopies } from './volume-copies.js';

export interface RestoreOptions {
  /** The newest whole backup if undefined. */
  readonly name?: string | undefined;
  /** Deletes what the installation has. */
  readonly replace: boolean;
}

interface Context {
  readonly config: BackupCommandConfig;
  readonly engine: ArchiveEngine;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

type NexosManifest = Manifest<DatabaseDump>;

/**
 * Restores a backup into an installation whose apps are stopped. Checks everything first, and writes the database last,
 * in one transaction: a restore that was cut short leaves no half of an installation, and is repeated with `replace`.
 *
 * @throws {BackupError} before anything is changed
 */
export async function restore(
  store: BackupStore,
  { name, replace }: RestoreOptions,
  context: Context,
): Promise<NexosManifest> {
  const { config, engine, log, signal } = context;
  const manifest = await openBackup<DatabaseDump>(store, name);
  log(`verifying ${manifest.name}`);
  await verifyBackup(store, manifest);
  const nodeId = await assertFits(manifest, context);
  await assertUnused(replace, context);
  if (replace) {
    log('removing what the installation has');
    await engine.objects.removeAll(signal);
  }
  if (manifest.files.some(({ path }) => path === 'images.tar.gz')) {
    log('images');
    await engine.imageArchives.load(await openFile(store, manifest, 'images.tar.gz'), signal);
  }
  await restoreVolumes(store, manifest, context);
  log('the database');
  await loadDatabase(
    config.database,
    manifest.database,
    (table) => openFile(store, manifest, `database/${table}.copy.gz`),
    (query) => moveRowsToNode(query, manifest.nodeId, nodeId),
  );
  return manifest;
}

/** @returns the id of this node in its Swarm */
async function assertFits(manifest: NexosManifest, { config, engine }: Context): Promise<string> {
  const { instance } = config.engine;
  if (manifest.instance !== instance) {
    throw new BackupError(
      `The backup is of the instance ${manifest.instance}, but this is ${instance}. Set NEXOS_INSTANCE=${manifest.instance}.`,
    );
  }
  const known = new Set(new Sealer(config.encryption).keyIds());
  const missing = manifest.keyIds.filter((id) => !known.has(id));
  if (missing.length > 0) {
    throw new BackupError(
      `The secrets in the backup need the encryption keys ${missing.join(', ')}. Set them as ENCRYPTION_KEY or in ENCRYPTION_KEYS_OLD; a backup made with --with-keys contains them.`,
    );
  }
  assertKnownMigrations(config.database, manifest.database);
  const { swarm } = await engine.engine.info();
  if (swarm.nodeId === null || !swarm.isManager) {
    throw new BackupError('This engine manages no Swarm. Run docker swarm init, or npm run setup.');
  }
  return swarm.nodeId;
}

async function assertUnused(replace: boolean, { config, engine }: Context): Promise<void> {
  const { hasRows, apps } = await databaseUse(config.database);
  if (apps > 0) throw new BackupError('Apps of Nexos use the database. Stop all of them, then try again.');
  const { services, volumes } = await engine.objects.count();
  if (replace || (!hasRows && services === 0 && volumes === 0)) return;
  throw new BackupError(
    `This installation is not empty: its database has ${hasRows ? 'accounts' : 'no rows'}, its engine ${services} services and ${volumes} volumes. Add --replace to delete all of it.`,
  );
}

async function restoreVolumes(
  store: BackupStore,
  manifest: NexosManifest,
  { config, engine, log, signal }: Context,
): Promise<void> {
  if (manifest.volumes.length === 0) return;
  await engine.images.ensure(config.services.postgresImage, signal);
  const copies = new VolumeCopies(engine, config.services.postgresImage, signal);
  for (const volume of manifest.volumes) {
    log(`${volume.kind} of ${volume.projectId}`);
    const tar = await openFile(store, manifest, volume.path);
    await copies.restore({ ...volume, kind: volume.kind as ServiceKind }, { folder: volume.folder, tar });
  }
}
