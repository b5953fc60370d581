import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * One run of a build on a builder, from its claim to its end. Build minutes are counted from it. The account and the project
 * are copied and have no foreign keys, so that claiming a build locks nothing of theirs.
 */
@Entity('build_runs')
@Index('build_runs_account_id_idx', ['accountId', 'startedAt'])
@Index('build_runs_unmetered_idx', ['accountId'], { where: 'metered_at IS NULL' })
@Index('build_runs_metered_at_idx', ['meteredAt'], { where: 'metered_at IS NOT NULL' })
export class BuildRunEntity {
  @PrimaryColumn('text', { name: 'deployment_id' })
  deploymentId!: string;

  /** The deployment's `attempt` under which the builder holds it. */
  @PrimaryColumn('integer')
  attempt!: number;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  /** When the builder last renewed its lease. A builder that died is charged until then. */
  @Column('timestamptz', { name: 'renewed_at', default: () => 'now()' })
  renewedAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** When it was added to `build_usage`. */
  @Column('timestamptz', { name: 'metered_at', nullable: true })
  meteredAt!: Date | null;
}
