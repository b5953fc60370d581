import { EncryptionConfig, loadConfig } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { DELIVERY_ID_PATTERN } from '@nexos/domain';
import type { ApiOperation } from '../../support/nexos/api-document.js';
import type { Installation } from '../../support/nexos/installation.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject } from './api-fixture.js';

/** Ids by the kind of resource, as in their prefix. */
export type OwnedIds = Readonly<Record<string, string>>;

/** Creates one resource of each kind that an id in a path can name, owned by the stack's own account. */
export async function createOwnedResources(nexos: Installation): Promise<OwnedIds> {
  const { id: proj, repository } = await createProject(nexos);
  const push = { repository, branch: 'main', before: NO_COMMIT, after: commit(1) };
  const { delivery } = await nexos.webhooks.push(push);
  const environment = await nexos.api.waitForEnvironment(proj);
  const tail = proj.slice('proj_'.length);
  const { database } = nexos;
  await database.query(
    `INSERT INTO env_vars (id, project_id, key, sealed_value) VALUES ($1, $2, 'KEPT', 'sealed')`,
    [`var_${tail}`, proj],
  );
  await database.query(
    `INSERT INTO registries (id, project_id, host, username, sealed_password) VALUES ($1, $2, 'kept.example', 'me', 'sealed')`,
    [`reg_${tail}`, proj],
  );
  await database.query(
    `INSERT INTO webhooks (id, account_id, project_id, format, url, sealed_secret, events)
     SELECT $1, account_id, id, 'standard', 'http://127.0.0.1:9/', 'sealed', '{deployment.queued}' FROM projects WHERE id = $2`,
    [`hook_${tail}`, proj],
  );
  await database.query(
    `INSERT INTO webhook_messages (id, webhook_id, subject, position, type, data, at, status, finished_at)
     VALUES ($1, $2, $1, 0, 'test', '{}', now(), 'delivered', now())`,
    [`msg_${tail}`, `hook_${tail}`],
  );
  await database.query(
    `INSERT INTO nodes (id, swarm_id, hostname, role, state, availability, address, cpus, memory_mb, engine_version,
       is_leader, joined_at)
     VALUES ($1, $1, 'node-1', 'worker', 'down', 'active', '10.0.0.9', 2, 2048, '27.0.0', false, now())`,
    [`node_${tail}`],
  );
  const { encryption } = loadConfig({ encryption: EncryptionConfig }, nexos.env);
  await database.query(
    `INSERT INTO swarm_entrance (sealed_worker_token, manager_address) VALUES ($1, '10.0.0.1:2377')
     ON CONFLICT DO NOTHING`,
    [new Sealer(encryption).seal('SWMTKN-1-test', sealIdentity.joinToken())],
  );
  await database.query(
    `INSERT INTO api_keys (id, account_id, key_id, secret_hash, name)
     SELECT $1, account_id, $1, 'a hash', 'a bot' FROM projects WHERE id = $2`,
    [`key_${tail}`, proj],
  );
  await database.query(
    `INSERT INTO executions (id, project_id, environment_id, requested_by, command, timeout_seconds, status)
     VALUES ($1, $2, $3, $4, '{"true"}', 60, 'queued')`,
    [`exec_${tail}`, proj, environment.id, `key_${tail}`],
  );
  const { id: user } = await nexos.api.get<{ id: string }>('/auth/me');
  return {
    user,
    proj,
    env: environment.id,
    dep: environment.latest_deployment_id ?? '',
    exec: `exec_${tail}`,
    var: `var_${tail}`,
    reg: `reg_${tail}`,
    node: `node_${tail}`,
    key: `key_${tail}`,
    hook: `hook_${tail}`,
    msg: `msg_${tail}`,
    delivery,
  };
}

/** Returns the kinds of the ids in an operation's path, in order. */
export function kindsIn({ parameters }: ApiOperation): string[] {
  return parameters
    .filter((one) => one.in === 'path')
    .map(({ schema: { pattern = '' } }) =>
      pattern === DELIVERY_ID_PATTERN ? 'delivery' : (/^\^([a-z]+)_/.exec(pattern)?.[1] ?? ''),
    );
}

/** Returns an id of that kind that does not exist. */
export function unknownId(kind: string): string {
  return kind === 'delivery' ? crypto.randomUUID() : `${kind}_${'0'.repeat(26)}`;
}

/**
 * Returns an operation's path with its ids filled in.
 *
 * @throws {Error} when `idOf` has no id of a kind
 */
export function pathWith(operation: ApiOperation, idOf: (kind: string) => string | undefined): string {
  const kinds = kindsIn(operation);
  return operation.path.replace(/\{\w+\}/g, () => {
    const kind = kinds.shift() ?? '';
    const id = idOf(kind);
    if (id === undefined) throw new Error(`${operation.operationId}: owned-resources.ts has no ${kind}_…`);
    return id;
  });
}

/** Returns the example of an operation's body in the document, if there is one. */
export function exampleBody({ bodies }: ApiOperation): unknown {
  return bodies['application/json']?.example;
}
