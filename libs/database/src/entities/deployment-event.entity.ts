import { type DeploymentEventType, type EventData } from '@nexos/domain';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** Something that happened to a deployment. Written once, never changed. */
@Entity('deployment_events')
@Index('deployment_events_deployment_id_idx', ['deploymentId', 'seq'])
@Index('deployment_events_at_idx', ['at'])
export class DeploymentEventEntity {
  /** Unique and growing, but not in the order of commits: no reader may take it for a position in a log. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq!: string;

  @Column('text', { name: 'deployment_id' })
  deploymentId!: string;

  @Column('text', { name: 'project_id' })
  projectId!: string;

  @Column('text')
  type!: DeploymentEventType;

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
}
