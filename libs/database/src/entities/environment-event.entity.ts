import { type EnvironmentEventType, type EventData } from '@nexos/domain';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Something that happened to an environment. Nothing that it says is ever changed. */
@Entity('environment_events')
@Index('environment_events_environment_id_idx', ['environmentId', 'seq'])
@Index('environment_events_at_idx', ['at'])
@Index('environment_events_left_idx', ['at'], { where: 'passed_on_at IS NULL' })
export class EnvironmentEventEntity {
  /** Unique and growing, but not in the order of commits: no reader may take it for a position in a log. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  type!: EnvironmentEventType;

  /** `from` and `to` of a change of status; of other types what belongs to them. */
  @Column('jsonb')
  data!: EventData;

  /** The id of an API key or of a session, `github`, or `system`. */
  @Column('text')
  actor!: string;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  at!: Date;

  /** When its consumers had all been given it; null: a sweep finds it. */
  @Column('timestamptz', { name: 'passed_on_at', nullable: true })
  passedOnAt!: Date | null;
}
