import { type DeploymentSettings, deploymentSettings, type SettingsChange } from '@nexos/settings';
import { finishBuild } from '@nexos/state';
import { claimAny } from './claim-any.js';
import type { TestDatabase } from './database.js';
import { createQueuedDeployment, type insertProject } from './rows.js';

type GivenContainers = NonNullable<SettingsChange['containers']>;

/** What a deployment needs. */
export interface Wanted {
  readonly requestTimeoutSeconds?: number;
  readonly startTimeoutSeconds?: number;
  readonly hooks?: Partial<DeploymentSettings['hooks']>;
  readonly env?: Record<string, string>;
  readonly services?: Partial<DeploymentSettings['services']>;
  /** Containers beside the app, with the fields that are not their defaults. */
  readonly containers?: readonly GivenContainers[number][];
  readonly imageId?: string;
  readonly seedImageId?: string;
  readonly hookImageId?: string;
  /** The only node with the image; null when every node can run it. */
  readonly imageNodeId?: string | null;
}

/** Returns the containers as the database stores them; one that does not come up is given up soon. */
function containersIn({
  containers = [],
  startTimeoutSeconds = 1,
}: Wanted): DeploymentSettings['containers'] {
  const given = containers.map((one) => ({ start_timeout_seconds: startTimeoutSeconds, ...one }));
  return deploymentSettings({ containers: given as never }).containers;
}

/** Creates a deployment that is built and waits to be rolled out. */
export async function insertBuilt(
  database: TestDatabase,
  project: Awaited<ReturnType<typeof insertProject>>,
  {
    branch = 'main',
    imageId = `sha256:${'1'.repeat(64)}`,
    imageNodeId = 'node-1',
    ...wanted
  }: Wanted & { branch?: string } = {},
): Promise<{ id: string; environmentId: string }> {
  const { id, environmentId } = await createQueuedDeployment(database, { project, branch });
  await database.dataSource.query(
    `UPDATE deployments SET spec = spec || jsonb_build_object(
       'hooks', spec->'hooks' || $2::jsonb, 'services', spec->'services' || $3::jsonb,
       'request_timeout_seconds', $4::integer, 'start_timeout_seconds', $6::integer, 'env', $5::jsonb,
       'containers', $7::jsonb) WHERE id = $1`,
    [
      id,
      JSON.stringify(wanted.hooks ?? {}),
      JSON.stringify(wanted.services ?? {}),
      wanted.requestTimeoutSeconds ?? 120,
      JSON.stringify(wanted.env ?? {}),
      wanted.startTimeoutSeconds ?? 1,
      JSON.stringify(containersIn(wanted)),
    ],
  );
  await claimAny(database.unitOfWork, id);
  const build = { deploymentId: id, environmentId, attempt: 1 };
  const { containers = [], seedImageId = null, hookImageId = null } = wanted;
  const containerImageIds = containers.map(
    (_, at) =>
      `sha256:${String(at + 2)
        .repeat(64)
        .slice(0, 64)}`,
  );
  const image = { imageId, containerImageIds, seedImageId, hookImageId, nodeId: imageNodeId };
  await database.unitOfWork.run((transaction) => finishBuild(transaction, build, image));
  return { id, environmentId };
}
