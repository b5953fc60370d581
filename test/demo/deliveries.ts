import { eventually } from '../support/eventually.js';
import type { ApiClient, Deployment, Environment } from '../support/nexos/api-client.js';
import { NO_COMMIT, WebhookSender } from '../support/nexos/webhook-sender.js';
import type { PushedBranch } from './git-host.js';

const SETTLE_MS = 20_000;

export interface Delivery {
  readonly push: PushedBranch;
  /** The delivery's outcome, with a reason when nothing happened. */
  readonly outcome: string;
  readonly reason: string | null;
  /** The deployment and its environment; null when the push deploys nothing. */
  readonly deployed: { readonly environment: Environment; readonly deployment: Deployment } | null;
}

/** Delivers a signed webhook for each push, as GitHub does, and waits for its outcome. */
export class Deliveries {
  private readonly webhooks: WebhookSender;

  constructor(
    private readonly api: ApiClient,
    private readonly repository: string,
    private readonly projectId: string,
    webhookSecret: string,
  ) {
    this.webhooks = new WebhookSender(`${api.baseUrl}/api/webhooks/github`, webhookSecret, api);
  }

  async deliver(push: PushedBranch): Promise<Delivery> {
    const { branch, before, after, message } = push;
    const { outcome, reason } = await this.webhooks.push({
      repository: this.repository,
      branch,
      before,
      after,
      message,
    });
    const deploys = after !== NO_COMMIT && outcome !== 'ignored';
    return { push, outcome, reason, deployed: deploys ? await this.deployedBy(push) : null };
  }

  private async deployedBy({ branch, after }: PushedBranch): Promise<Delivery['deployed']> {
    return eventually(
      `a deployment of ${branch}`,
      async () => {
        const environment = await this.api.waitForEnvironment(this.projectId, branch);
        const id = environment.latest_deployment_id;
        if (id === null) return undefined;
        const deployment = await this.api.get<Deployment>(`/deployments/${id}`);
        return deployment.commit_sha === after ? { environment, deployment } : undefined;
      },
      { deadlineMs: SETTLE_MS },
    );
  }
}
