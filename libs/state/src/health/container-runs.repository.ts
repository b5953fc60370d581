import { type AgentReport, type ContainerRun } from '@nexos/contracts';
import { type CommandProblem, type ContainerExit, type Listener } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A run as reported, with its last output encrypted; null for none. */
export type ReportedRun = ContainerRun & { readonly sealedLines: string | null };

/** What an agent has found out about a container that may explain why its app does not answer. */
export interface RunFacts {
  readonly isOver: boolean;
  /** Whether it ended because it ran out of memory. */
  readonly isOutOfMemory: boolean;
  /** When the kernel last killed one of its processes for lack of memory. */
  readonly outOfMemoryAt: Date | null;
  /** Null when that is not known, as are the following ones. */
  readonly listeners: readonly Listener[] | null;
  readonly commandProblem: CommandProblem | null;
}

/** An end of a container that its app's log shows. */
export interface RecordedEnd extends Omit<ContainerExit, 'startedAt' | 'at'> {
  readonly containerId: string;
  /** Nanoseconds since the epoch, in decimal digits. */
  readonly nanoseconds: string;
  readonly sealedLines: string | null;
}

/** Ends of one container that its log shows. */
const MAX_ENDS = 50;

/** What the agents of the machines have reported. Repeated and late reports change nothing. */
@Injectable()
export class ContainerRunsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Records a report, ignoring containers of unknown deployments, and has a worker look at each environment whose live
   * version has exited.
   */
  async record(
    { machine, listed }: Pick<AgentReport, 'machine' | 'listed'>,
    runs: readonly ReportedRun[],
  ): Promise<void> {
    await this.unitOfWork.run(async (transaction) => {
      await transaction.manager.query(
        `INSERT INTO agents (machine) VALUES ($1) ON CONFLICT (machine) DO UPDATE SET seen_at = now()`,
        [machine],
      );
      if (listed !== null) await this.markGone(machine, listed);
      for (const environmentId of await this.upsert(machine, runs)) {
        transaction.enqueue({ queue: 'lifecycle', name: 'check-health', payload: { environmentId } });
      }
    });
  }

  /** Returns what is known about those of the containers that an agent has reported. */
  factsOf(containerIds: readonly string[]): Promise<RunFacts[]> {
    return this.unitOfWork.manager.query<RunFacts[]>(
      `SELECT ended_at IS NOT NULL AS "isOver", coalesce(out_of_memory, false) AS "isOutOfMemory",
         out_of_memory_at AS "outOfMemoryAt", listeners, command_problem AS "commandProblem"
       FROM container_runs WHERE id = ANY ($1)`,
      [containerIds],
    );
  }

  /** Returns the last ends of a container of a deployment that nobody asked for, oldest first, at or after a time. */
  async endsOf(deploymentId: string, container: string, sinceNanoseconds: string): Promise<RecordedEnd[]> {
    const rows = await this.unitOfWork.manager.query<RecordedEnd[]>(
      `SELECT id AS "containerId", (extract(epoch FROM ended_at)::numeric * 1000000000)::bigint::text AS nanoseconds,
         coalesce(exit_code, 0) AS code, coalesce(out_of_memory, false) AS "isOutOfMemory",
         ending = 'unhealthy' AS "isUnhealthy", sealed_lines AS "sealedLines"
       FROM container_runs
       WHERE deployment_id = $1 AND container = $4 AND ending IN ('exited', 'unhealthy')
         AND extract(epoch FROM ended_at)::numeric * 1000000000 >= $2::numeric
       ORDER BY ended_at DESC LIMIT $3`,
      [deploymentId, sinceNanoseconds, MAX_ENDS, container],
    );
    return rows.reverse();
  }

  /** Records that containers no longer exist that ran before the agent listed those of its machine. */
  private async markGone(machine: string, { at, ids }: NonNullable<AgentReport['listed']>): Promise<void> {
    await this.unitOfWork.manager.query(
      `UPDATE container_runs SET ended_at = $2, ending = 'gone'
       WHERE machine = $1 AND ended_at IS NULL AND started_at < $2 AND id <> ALL ($3)`,
      [machine, at, ids],
    );
  }

  /** @returns the environments whose live version has ended */
  private async upsert(machine: string, runs: readonly ReportedRun[]): Promise<string[]> {
    if (runs.length === 0) return [];
    // Writes rows in a fixed order, so that concurrent reports cannot deadlock.
    const sorted = [...runs].sort((a, b) => (a.id < b.id ? -1 : 1)).map(toRow);
    const rows = await this.unitOfWork.manager.query<{ environmentId: string }[]>(
      `WITH changed AS (
         INSERT INTO container_runs AS known (id, started_at, deployment_id, container, machine, name, address,
           out_of_memory_at, ended_at, ending, exit_code, out_of_memory, sealed_lines, listeners, command_problem)
         SELECT run.id, "startedAt", "deploymentId", run.container, $1, name, address, "outOfMemoryAt", "endedAt",
           ending, "exitCode", "outOfMemory", "sealedLines", listeners, "commandProblem"
         FROM jsonb_to_recordset($2) AS run (id text, "startedAt" timestamptz, "deploymentId" text, container text, name text,
           address text, "outOfMemoryAt" timestamptz, "endedAt" timestamptz, ending text, "exitCode" integer,
           "outOfMemory" boolean, "sealedLines" text, listeners jsonb, "commandProblem" jsonb)
         JOIN deployments ON deployments.id = run."deploymentId"
         ORDER BY run.id
         ON CONFLICT (id) DO UPDATE SET started_at = excluded.started_at, machine = excluded.machine,
           address = excluded.address, out_of_memory_at = greatest(known.out_of_memory_at, excluded.out_of_memory_at),
           ended_at = excluded.ended_at, ending = excluded.ending, exit_code = excluded.exit_code,
           out_of_memory = excluded.out_of_memory, sealed_lines = excluded.sealed_lines,
           listeners = CASE WHEN excluded.started_at = known.started_at
             THEN coalesce(excluded.listeners, known.listeners) ELSE excluded.listeners END,
           command_problem = excluded.command_problem
         WHERE known.deployment_id = excluded.deployment_id AND (
           excluded.started_at > known.started_at
           OR excluded.started_at = known.started_at AND (
             (known.ended_at IS NULL OR known.ending = 'gone') AND excluded.ended_at IS NOT NULL
             OR excluded.ended_at = known.ended_at AND excluded.out_of_memory AND NOT known.out_of_memory
             OR known.ended_at IS NULL AND
               (excluded.address, excluded.out_of_memory_at, coalesce(excluded.listeners, known.listeners))
               IS DISTINCT FROM (known.address, known.out_of_memory_at, known.listeners)))
         RETURNING deployment_id, ending
       )
       SELECT DISTINCT environments.id AS "environmentId" FROM changed
       JOIN environments ON environments.live_deployment_id = changed.deployment_id
       WHERE ending IN ('exited', 'unhealthy')`,
      [machine, JSON.stringify(sorted)],
    );
    return rows.map(({ environmentId }) => environmentId);
  }
}

function toRow({ end, sealedLines, ...run }: ReportedRun): object {
  return {
    ...run,
    endedAt: end?.at ?? null,
    ending: end === null ? null : endingOf(end),
    exitCode: end?.code ?? null,
    outOfMemory: end?.isOutOfMemory ?? null,
    commandProblem: end?.commandProblem ?? null,
    sealedLines,
  };
}

/** The engine asks a container to stop after its HEALTHCHECK failed, too. */
function endingOf({ isUnhealthy, isStopped }: NonNullable<ContainerRun['end']>): string {
  if (isUnhealthy) return 'unhealthy';
  return isStopped ? 'stopped' : 'exited';
}
