import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A database that a reset or restore replaced. Recorded before it is renamed. */
@Entity('database_backups')
export class DatabaseBackupEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  /** The generation of the environment's database that this backup holds. */
  @PrimaryColumn('integer')
  generation!: number;

  @Column('timestamptz', { name: 'taken_at', default: () => 'now()' })
  takenAt!: Date;

  @Index('database_backups_expires_at_idx')
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
