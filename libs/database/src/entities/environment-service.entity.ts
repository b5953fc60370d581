import { type ServiceKind } from '@nexos/domain';
import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** An environment's part of a service that its project's environments share: a database, a Redis user, a bucket. */
@Entity('environment_services')
@Unique('environment_services_number_key', ['projectId', 'kind', 'number'])
export class EnvironmentServiceEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  @PrimaryColumn('text')
  kind!: ServiceKind;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  /** No other environment of the project has it: the number of its logical database in Redis, which is never 0. */
  @Column('integer')
  number!: number;

  @Column('text', { name: 'sealed_password' })
  sealedPassword!: string;

  /** When the service was told of it; null: it may know nothing of it yet. */
  @Column('timestamptz', { name: 'provisioned_at', nullable: true })
  provisionedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
