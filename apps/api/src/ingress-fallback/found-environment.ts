import { type DesiredState, type EnvironmentStatus } from '@nexos/domain';
import type { EntityManager } from 'typeorm';

/** The environment behind a host name that the ingress has no route for. */
export interface FoundEnvironment {
  readonly id: string;
  readonly branch: string;
  readonly project: string;
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly asleep: boolean;
  /** It came up again so shortly ago that the ingress may have been asked before. */
  readonly isJustResumed: boolean;
}

/**
 * What is at the hosts of requests: `Host` as the client wrote it, with a port, in any case, with a dot at its end.
 *
 * @returns in the order of the hosts
 */
export async function findAtHosts(
  manager: EntityManager,
  hosts: readonly string[],
): Promise<(FoundEnvironment | null)[]> {
  const hostnames = hosts.map(hostnameOf);
  const rows = await manager.query<(FoundEnvironment & { hostname: string })[]>(
    `SELECT hostnames.hostname, environment.id, environment.branch, project.name AS project, environment.status,
       environment.desired_state AS "desiredState", environment.asleep,
       coalesce(environment.resumed_at > now() - interval '5 seconds', false) AS "isJustResumed"
     FROM hostnames
     JOIN environments environment ON environment.id = hostnames.environment_id
     JOIN projects project ON project.id = environment.project_id
     WHERE hostnames.hostname = ANY($1)`,
    [[...new Set(hostnames)]],
  );
  const found = new Map(rows.map((row) => [row.hostname, row]));
  return hostnames.map((hostname) => found.get(hostname) ?? null);
}

function hostnameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/\.{1,2}$/, '')
    .toLowerCase();
}

/** Whether the next request is to wake it. */
export function isSleeping({ desiredState, asleep }: FoundEnvironment): boolean {
  return desiredState === 'paused' && asleep;
}

/** Whether it is on its way from a pause to where it answers, whoever asked for that. */
export function isWaking({ status, desiredState }: FoundEnvironment): boolean {
  return status === 'paused' && desiredState === 'running';
}

/** Whether the ingress has a route to it by now, though it had none a moment ago. A longer time would let it go in circles. */
export function isJustAwake({ status, desiredState, isJustResumed }: FoundEnvironment): boolean {
  return status === 'running' && desiredState === 'running' && isJustResumed;
}

/** Of some environments, those that are not on that way (any more). */
export async function findAwoken(manager: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM environments WHERE id = ANY($1) AND NOT (status = 'paused' AND desired_state = 'running')`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
