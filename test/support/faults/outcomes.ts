import pg from 'pg';
import { eventually } from '../eventually.js';
import type { NexosStack } from '../nexos/nexos-stack.js';
import { visit } from '../nexos/visit.js';
import type { AcceptedPush } from './steady-pushes.js';

/** What became of the pushes that were accepted around a fault. */
export interface Outcome {
  readonly accepted: number;
  readonly correct: number;
  /** Pushes without a deployment, or whose deployment has not ended. */
  readonly lost: number;
  /** Pushes with several deployments. */
  readonly duplicated: number;
  /** What is not as it should be, as text. */
  readonly problems: readonly string[];
}

interface DeploymentRow {
  readonly status: string;
  readonly failure: string | null;
}

const ENDED = ['live', 'replaced', 'superseded', 'failed', 'cancelled'];

/** Runs queries on a connection of their own, since Postgres may have been away. */
export async function query<T extends object>(
  { env }: Pick<NexosStack, 'env'>,
  sql: string,
  parameters: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  try {
    return (await client.query<T>(sql, parameters)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until nothing is left to do; returns what became of the pushes, and what is wrong in the end. */
export async function outcomeOf(
  nexos: NexosStack,
  pushes: readonly AcceptedPush[],
  mayFail: readonly string[],
): Promise<Outcome> {
  let outcome = await look(nexos, pushes, mayFail);
  await eventually(
    'everything to be as it should be',
    async () => {
      outcome = await look(nexos, pushes, mayFail);
      return outcome.problems.length === 0 ? true : undefined;
    },
    { everyMs: 250 },
  ).catch(() => undefined);
  return outcome;
}

async function look(
  nexos: NexosStack,
  pushes: readonly AcceptedPush[],
  mayFail: readonly string[],
): Promise<Outcome> {
  const counts = { accepted: pushes.length, correct: 0, lost: 0, duplicated: 0 };
  const problems: string[] = [];
  const rows = await query<DeploymentRow & { sha: string }>(
    nexos,
    `SELECT commit_sha AS sha, status, failure_code AS failure FROM deployments WHERE commit_sha = ANY($1)`,
    [pushes.map(({ sha }) => sha)],
  );
  for (const push of pushes) {
    const deployments = rows.filter(({ sha }) => sha === push.sha);
    const [only] = deployments;
    if (deployments.length > 1) counts.duplicated++;
    else if (only === undefined || !ENDED.includes(only.status)) counts.lost++;
    else if (isCorrect(push, only, mayFail)) counts.correct++;
    else problems.push(`a push ended as ${only.status} ${only.failure ?? ''}`);
  }
  if (counts.lost > 0) problems.push(`${counts.lost} push(es) have not ended`);
  if (counts.duplicated > 0) problems.push(`${counts.duplicated} push(es) were deployed twice`);
  problems.push(...(await findUnserved(nexos, pushes)), ...(await findOrphans(nexos)));
  return { ...counts, problems };
}

function isCorrect({ text }: AcceptedPush, { status, failure }: DeploymentRow, mayFail: readonly string[]) {
  if (status === 'superseded') return true;
  if (status === 'failed') return text === null ? true : mayFail.includes(failure ?? '');
  return text !== null && (status === 'live' || status === 'replaced');
}

/** Returns the environments that do not serve their newest push, which can be built. */
async function findUnserved(nexos: NexosStack, pushes: readonly AcceptedPush[]): Promise<string[]> {
  const newest = new Map(pushes.map(({ project, text }) => [project.id, text]));
  const environments = await query<{ project: string; host: string; is_settled: boolean }>(
    nexos,
    `SELECT project_id AS project, hostname AS host, generation = observed_generation AS is_settled
     FROM environments WHERE project_id = ANY($1) AND status <> 'destroyed'`,
    [[...newest.keys()]],
  );
  const found = await Promise.all(
    environments.map(async ({ project, host, is_settled: isSettled }) => {
      const url = `http://${host}:${nexos.env.PUBLIC_PORT ?? ''}`;
      const body = await visit(url).then(
        (visited) => visited.body,
        (error: unknown) => String(error),
      );
      if (body !== newest.get(project)) return [`${url} answers: ${body}`];
      return isSettled ? [] : [`${url} is not settled`];
    }),
  );
  return found.flat();
}

/** Returns what the installation has on the engine and does not need: other than one service and container per environment. */
async function findOrphans(nexos: NexosStack): Promise<string[]> {
  const [row] = await query<{ live: string[]; projects: string }>(
    nexos,
    `SELECT coalesce(array_agg(live_deployment_id ORDER BY live_deployment_id), '{}') AS live,
       (SELECT count(*) FROM projects WHERE status <> 'deleted') AS projects
     FROM environments WHERE live_deployment_id IS NOT NULL`,
  );
  const live = row?.live ?? [];
  const problems: string[] = [];
  const { services, networks, volumes } = await nexos.engineResources();
  const containers = await nexos.containers('dev.nexos.deployment');
  const unneeded = services.filter((name) => !live.some((id) => name.includes(id.replace(/^dep_/, ''))));
  if (unneeded.length > 0) problems.push(`services are left: ${unneeded.join(', ')}`);
  if (services.length !== live.length)
    problems.push(`${services.length} services for ${live.length} versions`);
  if (containers.length !== live.length)
    problems.push(`${containers.length} containers for ${live.length} versions`);
  if (volumes.length > 0) problems.push(`volumes are left: ${volumes.join(', ')}`);
  const perProject = networks.length / Number(row?.projects ?? 0);
  if (!Number.isInteger(perProject)) problems.push(`networks: ${networks.join(', ')}`);
  return problems;
}
