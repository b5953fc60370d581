import type { DeploymentReport } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { GithubRequestError } from './github-request.error.js';
import { GithubRequests, type RepositoryAccess } from './github-requests.js';

/** What identifies a GitHub Deployment: it never changes. */
export interface DeploymentIdentity {
  readonly environment: string;
  readonly commitSha: string;
  /** Our own id of it, kept in its payload. */
  readonly externalId: string;
}

const TASK = 'deploy';
const PAYLOAD_FIELD = 'nexos_deployment';
const MAX_PAGE = 100;

/** GitHub Deployments (https://docs.github.com/en/rest/deployments). All methods throw `GithubRequestError`. */
@Injectable()
export class GithubDeployments {
  constructor(private readonly requests: GithubRequests) {}

  /** Finds a deployment by our own id of it; returns its id. */
  async find(access: RepositoryAccess, identity: DeploymentIdentity): Promise<number | null> {
    const { environment, commitSha, externalId } = identity;
    const found = await this.requests.send(access, 'deployments', 'GET /repos/{owner}/{repo}/deployments', {
      sha: commitSha,
      environment,
      task: TASK,
      per_page: MAX_PAGE,
    });
    const ours = found.find(({ payload }) => externalIdIn(payload) === externalId);
    return ours === undefined ? null : Number(ours.id);
  }

  /** Creates a deployment, whatever the checks of its commit say; returns its id. */
  async create(access: RepositoryAccess, identity: DeploymentIdentity): Promise<number> {
    const { environment, commitSha, externalId } = identity;
    const created = await this.requests.send(
      access,
      'deployments',
      'POST /repos/{owner}/{repo}/deployments',
      {
        ref: commitSha,
        task: TASK,
        environment,
        payload: { [PAYLOAD_FIELD]: externalId },
        auto_merge: false,
        required_contexts: [],
        transient_environment: true,
        production_environment: false,
      },
    );
    // With `auto_merge`, which is off, GitHub answers 202 without a deployment.
    if (!('id' in created)) throw new GithubRequestError('refused', 'GitHub made no deployment.');
    return Number(created.id);
  }

  /** Returns whether the newest status of a deployment is this one. */
  async hasStatus(access: RepositoryAccess, id: number, report: DeploymentReport): Promise<boolean> {
    const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    const [newest] = await this.requests.send(access, 'deployments', route, {
      deployment_id: id,
      per_page: 1,
    });
    if (newest === undefined) return false;
    const { state, description, environment_url: url } = newest;
    return (
      state === report.state &&
      description === report.description &&
      (url ?? '') === (report.environmentUrl ?? '')
    );
  }

  /** Adds a status. Others of the same environment keep theirs. */
  async addStatus(access: RepositoryAccess, id: number, report: DeploymentReport): Promise<void> {
    const { state, description, environmentUrl } = report;
    const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
    await this.requests.send(access, 'deployments', route, {
      deployment_id: id,
      state,
      description,
      auto_inactive: false,
      ...(environmentUrl !== null && { environment_url: environmentUrl }),
    });
  }
}

/** GitHub returns a payload as it got it, or as JSON in a string. */
function externalIdIn(payload: unknown): unknown {
  if (typeof payload !== 'string') return (Object(payload) as Record<string, unknown>)[PAYLOAD_FIELD];
  try {
    return (Object(JSON.parse(payload)) as Record<string, unknown>)[PAYLOAD_FIELD];
  } catch {
    // Somebody else's payload is any text.
    return undefined;
  }
}
