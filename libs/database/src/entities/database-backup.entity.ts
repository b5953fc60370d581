import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A database that a reset, or the restoring of another one, has put aside. Written down before it is put aside. */
@Entity('database_backups')
export class DatabaseBackupEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  /** Which of the environment's databases it is: the one that this generation had. */
  @PrimaryColumn('integer')
  generation!: number;

  @Column('timestamptz', { name: 'taken_at', default: () => 'now()' })
  takenAt!: Date;

  @Index('database_backups_expires_at_idx')
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;
}
