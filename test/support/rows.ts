import {
  AccountEntity,
  type DeploymentEntity,
  type EnvironmentEntity,
  ProjectEntity,
  type UnitOfWork,
} from '@nexos/database';
import { type BranchMove, applyPush } from '@nexos/state';
import { type DeliveryOutcome, newId, NO_COMMIT, type PlanName } from '@nexos/domain';
import type { EntityManager } from 'typeorm';
import { TestDatabase } from './database.js';

export const BASE_DOMAIN = 'test.example';
/** The actor of a request over the API. */
export const API_ACTOR = 'key_somebody';
export const BY_REQUEST = { actor: API_ACTOR, reason: 'requested' } as const;
let counter = 0;

/** Returns the full commit SHA for a number. */
export function sha(number: number): string {
  return number.toString(16).padStart(40, '0');
}

/** Returns the time of a push, in whole seconds as GitHub counts them. */
export function at(second: number): Date {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, second));
}

/** Inserts an account, by default without limits that a test could reach by accident. */
export async function insertAccount(manager: EntityManager, plan: PlanName = 'operator'): Promise<string> {
  const id = newId('account');
  await manager.insert(AccountEntity, { id, name: `account ${++counter}`, plan });
  return id;
}

/** Inserts a project, by default of a new account. */
export async function insertProject(
  manager: EntityManager,
  { slug = `project-${++counter}`, githubRepo = `acme/app-${++counter}`, accountId = '' } = {},
): Promise<ProjectEntity> {
  const id = newId('project');
  await manager.insert(ProjectEntity, {
    id,
    accountId: accountId === '' ? await insertAccount(manager) : accountId,
    name: slug,
    slug,
    githubRepo,
    repositoryKey: githubRepo.toLowerCase(),
  });
  return manager.findOneByOrFail(ProjectEntity, { id });
}

export interface Move {
  readonly branch?: string;
  /** Null when the event does not say. */
  readonly before?: string | null;
  /** `NO_COMMIT`: the branch is deleted. */
  readonly after: string;
  readonly at?: Date | null;
}

function moveOf({ branch = 'main', before = null, after, at: pushedAt = null }: Move): BranchMove {
  const commit = after === NO_COMMIT ? null : { sha: after, message: 'A change', author: 'Somebody' };
  return { branch, before, after, pushedAt, commit };
}

/** Applies a push or a delete event in its own transaction, and returns its outcome. */
export async function push(
  unitOfWork: UnitOfWork,
  project: ProjectEntity,
  move: Move,
): Promise<DeliveryOutcome> {
  const result = await unitOfWork.run((transaction) =>
    applyPush(transaction, project, moveOf(move), BASE_DOMAIN),
  );
  return result.outcome;
}

/** Creates a deployment that waits to be built, in its own environment. */
export async function createQueuedDeployment(
  database: TestDatabase,
  {
    project,
    branch = 'main',
    number = ++counter,
  }: { project?: ProjectEntity; branch?: string; number?: number } = {},
): Promise<{ id: string; environmentId: string; projectId: string }> {
  const owner = project ?? (await insertProject(database.dataSource.manager));
  const outcome = await push(database.unitOfWork, owner, {
    branch,
    after: sha(number),
    at: at(number),
  });
  if (outcome !== 'deployed') throw new Error(`the push was ${outcome}`);
  const [row] = await database.rows<{ id: string; environmentId: string }>(
    `SELECT id, environment_id AS "environmentId" FROM deployments
     WHERE project_id = $1 AND branch = $2 AND commit_sha = $3`,
    [owner.id, branch, sha(number)],
  );
  if (row === undefined) throw new Error('the push created no deployment');
  return { ...row, projectId: owner.id };
}

export type DeploymentRow = Pick<
  DeploymentEntity,
  'id' | 'status' | 'commitSha' | 'attempt' | 'environmentId'
>;

/** Returns the deployments of a project's branch, oldest first. */
export function deploymentsOf(database: TestDatabase, projectId: string, branch = 'main') {
  return database.rows<DeploymentRow>(
    `SELECT id, status, commit_sha AS "commitSha", attempt, environment_id AS "environmentId" FROM deployments
     WHERE project_id = $1 AND branch = $2 ORDER BY queued_at, id`,
    [projectId, branch],
  );
}

export type EnvironmentRow = Pick<EnvironmentEntity, 'id' | 'status' | 'hostname' | 'desiredState'>;

/** Returns all environments that a branch has had, oldest first. */
export function environmentsOf(database: TestDatabase, projectId: string, branch = 'main') {
  return database.rows<EnvironmentRow>(
    `SELECT id, status, hostname, desired_state AS "desiredState" FROM environments
     WHERE project_id = $1 AND branch = $2 ORDER BY created_at, id`,
    [projectId, branch],
  );
}

/** Returns the names of the outbox jobs whose payload holds this id, without those that pass on events. */
export async function jobsAbout(database: TestDatabase, id: string): Promise<string[]> {
  const rows = await database.rows<{ name: string }>(
    `SELECT name FROM outbox
     WHERE queue <> 'notify' AND EXISTS (SELECT 1 FROM jsonb_each_text(payload) WHERE value = $1) ORDER BY id`,
    [id],
  );
  return rows.map(({ name }) => name);
}
