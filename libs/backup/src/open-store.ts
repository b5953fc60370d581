import { resolve } from 'node:path';
import { type BackupConfig } from '@nexos/config';
import type { BackupStore } from './backup-store.js';
import { BackupError } from './backup-error.js';
import { FolderStore } from './folder-store.js';

const S3_LOCATION = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/(.*?))?\/?$/;

/** Opens `s3://bucket/prefix`, or a folder by its path. */
export async function openStore(location: string, config: BackupConfig): Promise<BackupStore> {
  if (!location.startsWith('s3:')) return new FolderStore(resolve(location));
  const [, bucket, prefix = ''] = S3_LOCATION.exec(location) ?? [];
  if (bucket === undefined) throw new BackupError(`${location} is not s3://BUCKET or s3://BUCKET/PREFIX.`);
  const { S3Store } = await import('./s3-store.js');
  return new S3Store(config, bucket, prefix === '' ? '' : `${prefix}/`);
}
