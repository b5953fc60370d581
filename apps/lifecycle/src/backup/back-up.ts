import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import {
  type BackedUpVolume,
  BackupError,
  backupName,
  type BackupStore,
  BackupWriter,
  sealKeys,
} from '@nexos/backup';
import { readKeyVariables } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { dumpDatabase } from '@nexos/database';
import { type ArchiveEngine, EngineNotFoundError } from '@nexos/engine';
import { type BackedUpRows, type BackedUpService, readBackedUpRows } from '@nexos/state';
import type { BackupCommandConfig } from './backup-command.config.js';
import { NEXOS_VERSION } from './nexos-version.js';
import { VolumeCopies } from './volume-copies.js';

export interface BackUpOptions {
  /** Adds the encryption keys and these files, sealed with the passphrase. */
  readonly withKeys: boolean;
  readonly files: readonly string[];
  /** Leaves out data on other nodes of the Swarm instead of failing. */
  readonly skipOtherNodes: boolean;
  /** Leaves out images, which a registry may have, or the next deployment makes again. */
  readonly withoutImages: boolean;
}

interface Context {
  readonly config: BackupCommandConfig;
  readonly engine: ArchiveEngine;
  readonly writer: BackupWriter;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes a backup while everything runs: one snapshot of the database, then a consistent copy of each service's data.
 *
 * @returns its name and size
 * @throws {BackupError} when it cannot be complete
 */
export async function backUp(
  store: BackupStore,
  options: BackUpOptions,
  { config, engine, log, signal }: Omit<Context, 'writer'>,
): Promise<{ name: string; bytes: number; skipped: readonly string[] }> {
  const startedAt = new Date();
  const writer = new BackupWriter(store, backupName(startedAt, randomBytes(3).toString('hex')));
  const context = { config, engine, writer, log, signal };
  const keys = options.withKeys ? await readKeys(config, options.files) : null;
  const { swarm } = await engine.engine.info();
  if (swarm.nodeId === null)
    throw new BackupError('This engine is not in a Swarm, so it has no environments.');
  if (keys !== null) await writer.write('keys.sealed', Readable.from([keys]));
  log('the database');
  const { dump, read: rows } = await dumpDatabase(
    config.database,
    (table, source) => writer.write(`database/${table}.copy.gz`, source),
    readBackedUpRows,
  );
  const local = onNode(rows, swarm.nodeId, options);
  const { volumes, skipped } = await backUpVolumes(context, local.services);
  if (!options.withoutImages) await backUpImages(context, local);
  const allSkipped = [...local.skipped, ...skipped];
  const bytes = await writer.finish({
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    nexosVersion: NEXOS_VERSION,
    instance: config.engine.instance,
    nodeId: swarm.nodeId,
    keyIds: new Sealer(config.encryption).keyIds(),
    hasKeys: keys !== null,
    database: dump,
    volumes,
    skipped: allSkipped,
  });
  return { name: writer.name, bytes, skipped: allSkipped };
}

async function readKeys(config: BackupCommandConfig, files: readonly string[]): Promise<Buffer> {
  const { passphrase } = config.backup;
  if (passphrase === undefined)
    throw new BackupError('Set BACKUP_PASSPHRASE, which --with-keys encrypts with.');
  const contents: Record<string, string> = {};
  for (const path of files) {
    const name = basename(path);
    if (name in contents) throw new BackupError(`Two files are called ${name}. Rename one of them.`);
    contents[name] = (await readFile(path)).toString('base64');
  }
  return sealKeys({ variables: readKeyVariables(), files: contents }, passphrase);
}

/** Keeps what is on this node; refuses or lists the rest. */
function onNode(
  rows: BackedUpRows,
  nodeId: string,
  { skipOtherNodes }: BackUpOptions,
): BackedUpRows & { skipped: string[] } {
  const elsewhere = rows.services.filter((service) => service.nodeId !== nodeId);
  if (elsewhere.length > 0 && !skipOtherNodes) {
    const nodes = [...new Set(elsewhere.map((service) => service.nodeId))].join(', ');
    throw new BackupError(
      `${elsewhere.length} services have their data on other nodes (${nodes}), which this command cannot read. Add --skip-other-nodes to leave it out.`,
    );
  }
  return {
    services: rows.services.filter((service) => service.nodeId === nodeId),
    images: rows.images.filter((image) => image.nodeId === nodeId),
    skipped: elsewhere.map(
      (service) => `${service.kind} of ${service.projectId} is on node ${service.nodeId}`,
    ),
  };
}

async function backUpVolumes(
  { config, engine, writer, log, signal }: Context,
  services: readonly BackedUpService[],
): Promise<{ volumes: BackedUpVolume[]; skipped: string[] }> {
  const volumes: BackedUpVolume[] = [];
  const skipped: string[] = [];
  if (services.length === 0) return { volumes, skipped };
  const sealer = new Sealer(config.encryption);
  await engine.images.ensure(config.services.postgresImage, signal);
  const copies = new VolumeCopies(engine, config.services.postgresImage, signal);
  for (const service of services) {
    const { projectId, kind, volumeSuffix, imageId } = service;
    if (!(await engine.volumes.exists(service))) {
      skipped.push(`${kind} of ${projectId} has no volume`);
      continue;
    }
    log(`${kind} of ${projectId}`);
    const password = sealer.open(service.sealedPassword, sealIdentity.projectService(projectId, kind));
    const path = `volumes/${projectId}-${kind}.tar.gz`;
    const folder = await copies.copy(service, password, ({ tar }) => writer.write(path, tar));
    volumes.push({ projectId, kind, volumeSuffix, imageId, path, folder });
  }
  return { volumes, skipped };
}

/** Saves the images that only this node has, so that the restored versions run without being built again. */
async function backUpImages(
  { engine, writer, log, signal }: Context,
  { services, images }: BackedUpRows,
): Promise<void> {
  const names: string[] = [];
  for (const id of new Set([...services.map(({ imageId }) => imageId), ...images.map((image) => image.id)])) {
    try {
      const { tags } = await engine.images.inspect(id);
      names.push(...(tags.length > 0 ? tags : [id]));
    } catch (error) {
      // It was removed since the snapshot.
      if (!(error instanceof EngineNotFoundError)) throw error;
    }
  }
  if (names.length === 0) return;
  log(`${names.length} images`);
  await writer.write('images.tar.gz', await engine.imageArchives.save(names, signal));
}
