import { type TestCommit, TestRepository } from '../git-server/test-repository.js';
import type { Deployment, Environment, NewProject, Project } from './api-client.js';
import type { DeployingInstallation } from './deploying-installation.js';
import { NO_COMMIT, type Push, pushPayload } from './webhook-sender.js';

let counter = 0;

/** A repository and its project, as a team that uses Nexos would have. */
export class TestProject {
  private readonly heads = new Map<string, string>();

  private constructor(
    private readonly stack: DeployingInstallation,
    readonly id: string,
    /** `owner/name` */
    readonly fullName: string,
    readonly repository: TestRepository,
    /** The URL to push to and clone from. */
    readonly remote: string,
  ) {}

  /** @param settings fields of `POST /projects` except the name and the repository */
  static async create(
    stack: DeployingInstallation,
    settings: Partial<NewProject> = {},
  ): Promise<TestProject> {
    // One installation may serve several workers, one after the other.
    const name = `app-${process.pid}-${++counter}`;
    const remote = await stack.createRepository('acme', name);
    const { id } = await stack.api.createProject({
      name,
      github_repo: `acme/${name}`,
      // Less would only delay: a small Node.js app needs 0.1 s of CPU to start.
      cpu: 1,
      memory_mb: 64,
      // On a busy machine, a start takes long.
      start_timeout_seconds: 60,
      ...settings,
    });
    return new TestProject(stack, id, `acme/${name}`, await TestRepository.create(remote), remote);
  }

  /** Commits, pushes, and delivers the webhook; returns the commit. */
  async push(files: TestCommit['files'], { branch = 'main', message = 'A change' } = {}): Promise<string> {
    const sha = await this.commit(files, branch, message);
    await this.deliver(branch, sha, message);
    return sha;
  }

  /** Commits and pushes, without a webhook. */
  async commit(files: TestCommit['files'], branch = 'main', message = 'A change'): Promise<string> {
    const sha = await this.repository.commit({ files, branch, message });
    await this.repository.push(branch);
    return sha;
  }

  /** Delivers the webhook of a push to that commit. */
  async deliver(branch: string, after: string, message = 'A change'): Promise<string> {
    const { outcome } = await this.stack.webhooks.push(this.pushTo(branch, after, message));
    return outcome;
  }

  /** Delivers the webhooks of pushes in quick succession, as GitHub does, and waits until all are processed. */
  async deliverAll(branch: string, commits: readonly string[]): Promise<void> {
    const deliveries: string[] = [];
    for (const after of commits) {
      const payload = this.payloadOf(branch, after);
      deliveries.push((await this.stack.webhooks.receive('push', payload)).delivery);
    }
    for (const id of deliveries) await this.stack.api.waitForDelivery(id);
  }

  /** Returns the payload of a push to that commit, which follows the one before. */
  payloadOf(branch: string, after: string): Record<string, unknown> {
    return pushPayload(this.pushTo(branch, after));
  }

  private pushTo(branch: string, after: string, message = 'A change'): Push {
    const before = this.heads.get(branch) ?? NO_COMMIT;
    this.heads.set(branch, after);
    return { repository: this.fullName, branch, before, after, message };
  }

  /** Deletes the branch and delivers the webhook of that push. */
  async deleteBranch(branch: string): Promise<void> {
    await this.repository.deleteBranch(branch);
    await this.deliver(branch, NO_COMMIT);
  }

  environment(branch = 'main'): Promise<Environment> {
    return this.stack.api.waitForEnvironment(this.id, branch);
  }

  /** Pushes, and waits until the deployment has ended. */
  async deploy(
    files: TestCommit['files'],
    options: { branch?: string; message?: string; deadlineMs?: number } = {},
  ): Promise<Deployment> {
    const sha = await this.push(files, options);
    const { id } = await this.environment(options.branch);
    return this.stack.api.waitForDeployment(id, sha, options.deadlineMs);
  }
}

/** Requests the deletion of all projects without waiting for it, to make room for the next test's. */
export async function deleteProjects(stack: DeployingInstallation): Promise<void> {
  for (const { id, status } of await stack.api.get<Project[]>('/projects')) {
    if (status === 'active') await stack.api.request('DELETE', `/projects/${id}`);
  }
}
