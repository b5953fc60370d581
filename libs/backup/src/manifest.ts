import { createHash } from 'node:crypto';
import { BackupError } from './backup-error.js';

const FORMAT = 1;
const NAME = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

/** A file of a backup. */
export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The data of one service of a project: a tar to unpack in a folder of its volume. */
export interface BackedUpVolume {
  readonly projectId: string;
  readonly kind: string;
  readonly volumeSuffix: string | null;
  readonly imageId: string;
  readonly path: string;
  /** The folder in the volume; empty for the volume itself. */
  readonly folder: string;
}

/** What a backup contains. Written last, so a backup without one was cut short. */
export interface Manifest<Database = unknown> {
  readonly format: typeof FORMAT;
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The version of Nexos that wrote it. */
  readonly nexosVersion: string;
  readonly instance: string;
  /** The Swarm node whose volumes and images it contains. */
  readonly nodeId: string;
  /** Identifies the encryption keys that its secrets may need, without revealing them. */
  readonly keyIds: readonly string[];
  readonly hasKeys: boolean;
  readonly database: Database;
  readonly volumes: readonly BackedUpVolume[];
  /** Services whose data was not backed up, with the reason. */
  readonly skipped: readonly string[];
  readonly files: readonly BackupFile[];
}

/** Returns a name that sorts by time. @param random six hexadecimal digits */
export function backupName(now: Date, random: string): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}-${random}`;
}

export function isBackupName(name: string): boolean {
  return NAME.test(name);
}

/** Returns when a backup began, by its name. */
export function startOf(name: string): Date {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Writes a manifest with a checksum of its own, on the last line. */
export function writeManifest(manifest: Manifest): string {
  const text = JSON.stringify(manifest, null, 2);
  return `${text}\n${sha256(text)}\n`;
}

/** @throws {BackupError} when the text was altered, or is of a newer format */
export function readManifest<Database>(text: string, name: string): Manifest<Database> {
  const [, body = '', checksum] = /^([\s\S]*)\n([0-9a-f]{64})\n$/.exec(text) ?? [];
  if (checksum === undefined || sha256(body) !== checksum) {
    throw new BackupError(`The manifest of ${name} is damaged. Restore another backup.`);
  }
  const manifest = JSON.parse(body) as Manifest<Database>;
  if ((manifest.format as number) !== FORMAT || manifest.name !== name) {
    throw new BackupError(
      `The manifest of ${name} is of format ${manifest.format}, but this version reads ${FORMAT}.`,
    );
  }
  return manifest;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
