import { type HealthState } from '@nexos/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The health of one container of an environment's live version. Meaningless while the environment is not running. */
@Entity('container_health')
export class ContainerHealthEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  @PrimaryColumn('text')
  container!: string;

  @Column('text', { name: 'deployment_id' })
  deploymentId!: string;

  @Column('text')
  state!: HealthState;

  @Column('text')
  message!: string;

  @Column('integer', { default: 0 })
  restarts!: number;

  /** Until then it is not restarted, because it exits again and again. */
  @Column('timestamptz', { name: 'held_until', nullable: true })
  heldUntil!: Date | null;
}
