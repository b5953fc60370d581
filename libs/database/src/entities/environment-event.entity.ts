import { type EnvironmentEventType, type EventData } from '@nexos/domain';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** An event of an environment. Its content is immutable. */
@Entity('environment_events')
@Index('environment_events_environment_id_idx', ['environmentId', 'seq'])
@Index('environment_events_at_idx', ['at'])
@Index('environment_events_left_idx', ['at'], { where: 'passed_on_at IS NULL' })
export class EnvironmentEventEntity {
  /** Unique and increasing, but not in commit order, so readers must not use it as a log position. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  type!: EnvironmentEventType;

  /** `from` and `to` of a status change; other details by type. */
  @Column('jsonb')
  data!: EventData;

  /** The id of an API key or session, `github` or `system`. */
  @Column('text')
  actor!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  /** When all consumers had received it; null: a sweep retries it. */
  @Column('timestamptz', { name: 'passed_on_at', nullable: true })
  passedOnAt!: Date | null;
}
