import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The process that watches the health of environments; one row. */
@Entity('health_watch')
export class HealthWatchEntity {
  @PrimaryColumn('integer', { default: 1 })
  id!: number;

  @Column('text')
  owner!: string;

  /** When another process may take over. */
  @Column('timestamptz')
  until!: Date;
}
