import { type ServiceKind } from '@nexos/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A service that the environments of a project share. Written down before anything of it is on the engine. */
@Entity('project_services')
export class ProjectServiceEntity {
  @PrimaryColumn('text', { name: 'project_id' })
  projectId!: string;

  @PrimaryColumn('text')
  kind!: ServiceKind;

  /** The node that has its volume; null until it was first started. */
  @Column('text', { name: 'node_id', nullable: true })
  nodeId!: string | null;

  /** Its data was made by this image, and is not given to another one; null until it was first started. */
  @Column('text', { name: 'image_id', nullable: true })
  imageId!: string | null;

  /** What its volume's name ends with, so that no volume of an earlier life is taken for it; null: nothing. */
  @Column('text', { name: 'volume_suffix', nullable: true })
  volumeSuffix!: string | null;

  /** Of the service's own administrator. */
  @Column('text', { name: 'sealed_password' })
  sealedPassword!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
