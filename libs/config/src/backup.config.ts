import { IsOptional, Matches, MinLength } from 'class-validator';
import { Env } from './env.decorator.js';

/** Where `npm run backup` and `npm run restore` find their S3 server, and what seals the keys in a backup. */
export class BackupConfig {
  @Env('BACKUP_S3_ENDPOINT', 'URL of the S3 server for backups; unset for Amazon S3.')
  @IsOptional()
  @Matches(/^https?:\/\/\S+$/, { message: 'must be an http(s):// URL' })
  endpoint?: string;

  @Env('BACKUP_S3_REGION', 'Region of the S3 server for backups.')
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'must be 1 to 64 of a-z, 0-9 and -' })
  region = 'us-east-1';

  @Env('BACKUP_S3_ACCESS_KEY', 'Access key for backups to S3.')
  @IsOptional()
  accessKey?: string;

  @Env('BACKUP_S3_SECRET_KEY', 'Secret key for backups to S3.')
  @IsOptional()
  secretKey?: string;

  @Env('BACKUP_PASSPHRASE', 'Encrypts the keys and files that `npm run backup -- --with-keys` adds.')
  @IsOptional()
  @MinLength(12, { message: 'must have at least 12 characters' })
  passphrase?: string;
}
