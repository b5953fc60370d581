import type { DeploymentSettings } from '@nexos/settings';
import { BuildClaims, finishBuild } from '@nexos/state';
import type { TestDatabase } from './database.js';
import { createQueuedDeployment, type insertProject } from './rows.js';

/** What a deployment needs. */
export interface Wanted {
  readonly requestTimeoutSeconds?: number;
  readonly hooks?: { on_deploy?: string[]; on_new?: string[] };
  readonly services?: Partial<DeploymentSettings['services']>;
  readonly imageId?: string;
  /** The only node with the image; null when every node can run it. */
  readonly imageNodeId?: string | null;
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
       'request_timeout_seconds', $4::integer) WHERE id = $1`,
    [
      id,
      JSON.stringify(wanted.hooks ?? {}),
      JSON.stringify(wanted.services ?? {}),
      wanted.requestTimeoutSeconds ?? 120,
    ],
  );
  await new BuildClaims(database.unitOfWork).claim(id, 60_000, 0);
  const build = { deploymentId: id, environmentId, attempt: 1 };
  const image = { imageId, seedImageId: null, nodeId: imageNodeId };
  await database.unitOfWork.run((transaction) => finishBuild(transaction, build, image));
  return { id, environmentId };
}
