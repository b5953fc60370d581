export { BackupError } from './backup-error.js';
export type { BackupStore } from './backup-store.js';
export { BackupWriter } from './backup-writer.js';
export { listBackups, openBackup, openFile, removeOldBackups, verifyBackup } from './backups.js';
export { type BackedUpVolume, backupName, type Manifest } from './manifest.js';
export { openStore } from './open-store.js';
export { type Keys, openKeys, sealKeys } from './sealed-keys.js';
