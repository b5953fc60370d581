import { BackupConfig, DatabaseConfig, EncryptionConfig, EngineConfig, ServicesConfig } from '@nexos/config';

/** The environment variables that a backup and a restore read. */
export const BACKUP_COMMAND_CONFIG = {
  database: DatabaseConfig,
  engine: EngineConfig,
  encryption: EncryptionConfig,
  services: ServicesConfig,
  backup: BackupConfig,
};

export interface BackupCommandConfig {
  readonly database: DatabaseConfig;
  readonly engine: EngineConfig;
  readonly encryption: EncryptionConfig;
  readonly services: ServicesConfig;
  readonly backup: BackupConfig;
}
