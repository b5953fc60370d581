import { type ServiceKind } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A service that the environments of a project share. Recorded before it exists on the engine. */
@Entity('project_services')
@Index('project_services_node_id_idx', ['nodeId'], { where: 'node_id IS NOT NULL' })
export class ProjectServiceEntity {
  @PrimaryColumn('text', { name: 'project_id' })
  projectId!: string;

  @PrimaryColumn('text')
  kind!: ServiceKind;

  /** The node with its volume; null until its first start. */
  @Column('text', { name: 'node_id', nullable: true })
  nodeId!: string | null;

  /** The image that created its data; no other image may use the data. Null until its first start. */
  @Column('text', { name: 'image_id', nullable: true })
  imageId!: string | null;

  /** The version of that image, as the operator names it; null: unknown. */
  @Column('text', { nullable: true })
  version!: string | null;

  /** Memory that it reserves, in MiB; null until its first start by a version that reserves memory. */
  @Column('integer', { name: 'memory_mb', nullable: true })
  memoryMb!: number | null;

  /** Suffix of its volume name, so that a volume of an earlier incarnation is not reused; null: no suffix. */
  @Column('text', { name: 'volume_suffix', nullable: true })
  volumeSuffix!: string | null;

  /** MiB of its volume; null until it was measured. */
  @Column('integer', { name: 'used_mb', nullable: true })
  usedMb!: number | null;

  @Column('timestamptz', { name: 'measured_at', nullable: true })
  measuredAt!: Date | null;

  /** Password of the service's administrator. */
  @Column('text', { name: 'sealed_password' })
  sealedPassword!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
