import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The lines of one writer of a deployment's log, archived permanently when the writer finishes. */
@Entity('deployment_logs')
export class DeploymentLogEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  ownerId!: string;

  @PrimaryColumn('integer')
  writer!: number;

  /** JSON lines, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
