import { type DatabaseBackupEntity } from '@nexos/database';
import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** A database backup in a response. */
export class DatabaseBackupResponse {
  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'Identifies the backup in a restore.',
  })
  generation!: number;

  @TimeProperty()
  taken_at!: string;

  @TimeProperty({ description: 'When the backup is deleted.' })
  expires_at!: string;
}

export function toDatabaseBackupResponse(backup: DatabaseBackupEntity): DatabaseBackupResponse {
  return {
    generation: backup.generation,
    taken_at: backup.takenAt.toISOString(),
    expires_at: backup.expiresAt.toISOString(),
  };
}
