import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The same as `container_outputs`, for the app alone: an earlier release wrote it, and it is only read. */
@Entity('output_archives')
export class OutputArchiveEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  /** JSON lines, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  /** The place of the last line; an archive is only replaced by one that ends later. */
  @Column('bigint', { name: 'last_nanoseconds' })
  lastNanoseconds!: string;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
