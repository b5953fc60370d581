import { type DatabaseBackupEntity } from '@nexos/database';
import { ApiProperty } from '@nestjs/swagger';
import { TimeProperty } from '../http/openapi/time.property.js';

/** A database that was put aside, on the wire. */
export class DatabaseBackupResponse {
  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'What it is named by when it is to be brought back.',
  })
  generation!: number;

  @TimeProperty()
  taken_at!: string;

  @TimeProperty({ description: 'When it is dropped.' })
  expires_at!: string;
}

export function toDatabaseBackupResponse(backup: DatabaseBackupEntity): DatabaseBackupResponse {
  return {
    generation: backup.generation,
    taken_at: backup.takenAt.toISOString(),
    expires_at: backup.expiresAt.toISOString(),
  };
}
