import { type HealthState } from '@nexos/domain';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The health of an environment's live version. Meaningless while the environment is not running. */
@Entity('environment_health')
export class EnvironmentHealthEntity {
  @PrimaryColumn('text', { name: 'environment_id' })
  environmentId!: string;

  @Column('text', { name: 'deployment_id' })
  deploymentId!: string;

  @Column('text')
  state!: HealthState;

  @Column('timestamptz', { default: () => 'now()' })
  since!: Date;

  @Column('text')
  message!: string;

  @Column('integer', { default: 0 })
  restarts!: number;

  @Column('timestamptz', { name: 'last_exit_at', nullable: true })
  lastExitAt!: Date | null;

  @Column('integer', { name: 'last_exit_code', nullable: true })
  lastExitCode!: number | null;

  @Column('boolean', { name: 'last_exit_out_of_memory', nullable: true })
  lastExitOutOfMemory!: boolean | null;

  /** An earlier release wrote it; see `container_health`. */
  @Column('timestamptz', { name: 'held_until', nullable: true })
  heldUntil!: Date | null;
}
