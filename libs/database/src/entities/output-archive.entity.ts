import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last lines that a deployment's app wrote before its containers were removed, since the engine deletes them. */
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
