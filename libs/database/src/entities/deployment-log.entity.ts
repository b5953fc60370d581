import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one writer wrote into a deployment's log, kept for good once that writer was done. */
@Entity('deployment_logs')
export class DeploymentLogEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  ownerId!: string;

  @PrimaryColumn('integer')
  writer!: number;

  /** Lines as JSON, one to a line, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
