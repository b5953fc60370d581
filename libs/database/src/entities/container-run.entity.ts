import { APP_CONTAINER, type CommandProblem, type Listener } from '@nexos/domain';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * How a run of a container ended: by itself, by the engine after its HEALTHCHECK failed, because someone asked the engine
 * to stop it, or unknown, since it no longer existed when the agent looked.
 */
export type ContainerEnding = 'exited' | 'unhealthy' | 'stopped' | 'gone';

/** The last run of a container of a deployment, as the agent of its machine reported it. Swarm runs a container once. */
@Entity('container_runs')
@Index('container_runs_deployment_id_idx', ['deploymentId', 'startedAt'])
@Index('container_runs_machine_idx', ['machine'], { where: 'ended_at IS NULL' })
@Index('container_runs_ended_at_idx', ['endedAt'], { where: 'ended_at IS NOT NULL' })
export class ContainerRunEntity {
  /** The container's id on its engine. */
  @PrimaryColumn('text')
  id!: string;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('text', { name: 'deployment_id' })
  deploymentId!: string;

  /** Which of the deployment's containers. */
  @Column('text', { default: APP_CONTAINER })
  container!: string;

  /** The machine's node id in the Swarm. */
  @Column('text')
  machine!: string;

  @Column('text')
  name!: string;

  /** Its address on its project's network. */
  @Column('text', { nullable: true })
  address!: string | null;

  /** When the kernel last killed one of its processes for lack of memory. */
  @Column('timestamptz', { name: 'out_of_memory_at', nullable: true })
  outOfMemoryAt!: Date | null;

  /** The sockets on which it waits for connections, or did when it ended; null when that is not known. */
  @Column('jsonb', { nullable: true })
  listeners!: readonly Listener[] | null;

  /** Null while it runs, as are the following columns. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('text', { nullable: true })
  ending!: ContainerEnding | null;

  @Column('integer', { name: 'exit_code', nullable: true })
  exitCode!: number | null;

  @Column('boolean', { name: 'out_of_memory', nullable: true })
  outOfMemory!: boolean | null;

  /** Its last output, which may contain secrets of the project. */
  @Column('text', { name: 'sealed_lines', nullable: true })
  sealedLines!: string | null;

  /** Why its command could not run; null when that is not known. */
  @Column('jsonb', { name: 'command_problem', nullable: true })
  commandProblem!: CommandProblem | null;
}
