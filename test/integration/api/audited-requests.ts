import type { ApiOperation } from '../../support/nexos/api-document.js';
import type { Installation } from '../../support/nexos/installation.js';
import { NO_COMMIT, pushPayload, WebhookSender } from '../../support/nexos/webhook-sender.js';
import { commit } from './api-fixture.js';
import { createOwnedResources, exampleBody, type OwnedIds, pathWith } from './owned-resources.js';

type Prepare = (nexos: Installation, mine: OwnedIds) => Promise<unknown>;

/** Makes the environment run a version, with an earlier one to roll back to, as workers do. */
const run: Prepare = async ({ database }, { env, dep }) => {
  const image = (digit: string) => `sha256:${digit.repeat(64)}`;
  await database.query(
    `INSERT INTO deployments SELECT (jsonb_populate_record(deployment, jsonb_build_object(
       'id', overlay(id placing '00' from 5 for 2), 'status', 'replaced', 'finished_at', now(), 'image_id', $2::text,
       'image_node_id', 'node'))).* FROM deployments deployment WHERE id = $1`,
    [dep, image('1')],
  );
  await database.query(
    `UPDATE deployments SET status = 'live', live_at = now(), image_id = $2, image_node_id = 'node' WHERE id = $1`,
    [dep, image('2')],
  );
  await database.query(
    `UPDATE environments SET status = 'running', live_deployment_id = $2, desired_deployment_id = $2 WHERE id = $1`,
    [env, dep],
  );
};

/** Gives the environment a database and a backup of the one before. */
const withDatabase: Prepare = async (nexos, mine) => {
  await run(nexos, mine);
  const { database } = nexos;
  await database.query(
    `INSERT INTO project_services (project_id, kind, sealed_password) VALUES ($1, 'postgres', '')`,
    [mine.proj],
  );
  await database.query(
    `INSERT INTO environment_services (environment_id, kind, project_id, number, sealed_password, provisioned_at)
     VALUES ($1, 'postgres', $2, 1, '', now())`,
    [mine.env, mine.proj],
  );
  await database.query(
    `UPDATE environments SET database_generation = 2, observed_database_generation = 2 WHERE id = $1`,
    [mine.env],
  );
  await database.query(
    `INSERT INTO database_backups (environment_id, generation, expires_at) VALUES ($1, 1, now() + interval '1 day')`,
    [mine.env],
  );
};

const pause: Prepare = async (nexos, mine) => {
  await run(nexos, mine);
  await nexos.database.query(
    `UPDATE environments SET status = 'paused', desired_state = 'paused' WHERE id = $1`,
    [mine.env],
  );
};

/** The state that an operation needs, beyond a resource of each kind. */
const PREPARE: Readonly<Record<string, Prepare>> = {
  'databases.reset': withDatabase,
  'databases.restore': withDatabase,
  'environmentExecutions.create': run,
  'environments.pause': run,
  'environments.rebuild': run,
  'environments.rebuild.restart': run,
  'environments.resume': pause,
  'environments.rollBack': run,
  'nodes.undrain': ({ database }, { node }) =>
    database.query('UPDATE nodes SET removal_requested_at = now() WHERE id = $1', [node]),
};

const aPush = (repository: string) =>
  pushPayload({ repository, branch: 'main', before: NO_COMMIT, after: commit(7) });

/** Operations whose requests are not their example with the operator's key. */
const SEND: Readonly<Record<string, (nexos: Installation, mine: OwnedIds) => Promise<Response>>> = {
  // The account keeps its plan, which allows the resources of all other operations.
  'accounts.update': async ({ api }) => {
    const { id } = await api.get<{ id: string }>('/auth/me');
    return api.request('PATCH', `/accounts/${id}`, { limits: { log_retention_days: 100 } });
  },
  'databases.restore': ({ api }, { env = '' }) => api.request('POST', `/environments/${env}/restore`, {}),
  'environments.rollBack': ({ api }, { env = '' }) =>
    api.request('POST', `/environments/${env}/rollback`, {}),
  'environmentExecutions.create': ({ api }, { env = '' }) =>
    api.request('POST', `/environments/${env}/exec`, { command: ['true'] }),
  'projectDeployments.create': ({ api }, { proj = '' }) =>
    api.request('POST', `/projects/${proj}/deployments`, { branch: 'main', commit_sha: commit(2) }),
  'projectConfig.put': ({ api }, { proj = '' }) =>
    fetch(`${api.baseUrl}/api/projects/${proj}/config`, {
      method: 'PUT',
      headers: { authorization: api.authorization, 'content-type': 'application/yaml' },
      body: 'app:\n  port: 4000\n',
    }),
  'webhooks.receive': ({ webhooks }) => webhooks.send('push', aPush('acme/anything')),
  'webhooks.receiveForProject': async ({ api }, { proj = '' }) => {
    const { github_repo: repository } = await api.get<{ github_repo: string }>(`/projects/${proj}`);
    const { secret } = await api.post<{ secret: string }>(`/projects/${proj}/webhook-secret`);
    const url = `${api.baseUrl}/api/webhooks/github/${proj}`;
    return new WebhookSender(url, secret, api).send('push', aPush(repository));
  },
};

/** Sends a request that changes something, to resources of its own. */
export async function sendChange(nexos: Installation, operation: ApiOperation): Promise<Response> {
  const { operationId, method } = operation;
  const mine = await createOwnedResources(nexos);
  // An account can have only a few unfinished commands.
  await nexos.database.query(
    `UPDATE executions SET status = 'cancelled', finished_at = now(), settled_at = now() WHERE id <> $1`,
    [mine.exec],
  );
  await PREPARE[operationId]?.(nexos, mine);
  const send = SEND[operationId];
  if (send !== undefined) return send(nexos, mine);
  return nexos.api.request(
    method,
    pathWith(operation, (kind) => mine[kind]),
    exampleBody(operation),
  );
}
