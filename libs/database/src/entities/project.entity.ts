import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A repository, and how its branches are built and run. */
@Entity('projects')
@Unique('projects_account_id_slug_key', ['accountId', 'slug'])
export class ProjectEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  name!: string;

  @Column('text')
  slug!: string;

  /** `owner/name`, as the user wrote it. */
  @Column('text', { name: 'github_repo' })
  githubRepo!: string;

  /** The same in lower case: GitHub's names do not tell case apart. */
  @Index('projects_repository_key_idx')
  @Column('text', { name: 'repository_key' })
  repositoryKey!: string;

  /** The GitHub App's installation that the last push came through. */
  @Column('bigint', { name: 'installation_id', nullable: true })
  installationId!: string | null;

  @Column('text')
  dockerfile!: string;

  @Column('text', { name: 'build_context' })
  buildContext!: string;

  @Column('integer', { name: 'build_timeout_seconds' })
  buildTimeoutSeconds!: number;

  @Column('boolean', { name: 'service_postgres' })
  servicePostgres!: boolean;

  @Column('boolean', { name: 'service_redis' })
  serviceRedis!: boolean;

  @Column('boolean', { name: 'service_s3' })
  serviceS3!: boolean;

  @Column('integer')
  port!: number;

  @Column('text', { name: 'health_check_path' })
  healthCheckPath!: string;

  @Column('real')
  cpu!: number;

  @Column('integer', { name: 'memory_mb' })
  memoryMb!: number;

  /** Held by the worker that changes what the project's environments share on the engine. */
  @Column('text', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  @Column('bigint', { name: 'lease_epoch', default: 0 })
  leaseEpoch!: string;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
