import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last lines that a container of a deployment wrote before it was removed, since the engine deletes them. */
@Entity('container_outputs')
export class ContainerOutputEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  @PrimaryColumn('text')
  container!: string;

  /** JSON lines, compressed with gzip. */
  @Column('bytea')
  content!: Buffer;

  /** The place of the last line; an archive is only replaced by one that ends later. */
  @Column('bigint', { name: 'last_nanoseconds' })
  lastNanoseconds!: string;

  @Column('timestamptz', { name: 'archived_at', default: () => 'now()' })
  archivedAt!: Date;
}
