import { type ServiceKind, type StorageLevel } from '@nexos/domain';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** An environment's part of a shared service of its project: a database, a Redis user or a bucket. */
@Entity('environment_services')
@Unique('environment_services_number_key', ['projectId', 'kind', 'number'])
export class EnvironmentServiceEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  @PrimaryColumn('text')
  kind!: ServiceKind;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  /** Unique in the project: the number of the logical database in Redis, never 0. */
  @Column('integer')
  number!: number;

  @Column('text', { name: 'sealed_password' })
  sealedPassword!: string;

  /** When it was provisioned in the service; null: it may not exist there yet. */
  @Column('timestamptz', { name: 'provisioned_at', nullable: true })
  provisionedAt!: Date | null;

  /** The service's usage compared to what the environment's live version asks for. */
  @Column('text', { name: 'storage_level', default: 'ok' })
  storageLevel!: StorageLevel;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
