import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import type { ApiClient } from './api-client.js';

export interface Push {
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  /** Unix seconds. */
  readonly pushedAt?: number;
  readonly message?: string;
}

interface Delivery {
  readonly id?: string;
  readonly secret?: string;
  readonly signature?: string;
}

// The package's main file is JSON.
const webhooks = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
export const NO_COMMIT = '0'.repeat(40);

/** Returns a copy of GitHub's own example of an event, which a test may change. */
export function exampleOf(event: string, having: (payload: Record<string, unknown>) => boolean = () => true) {
  const examples = webhooks.find((webhook) => webhook.name === event)?.examples as
    Record<string, unknown>[] | undefined;
  const found = examples?.find(having);
  if (found === undefined) throw new Error(`there is no such example of ${event}`);
  return structuredClone(found);
}

/** Returns a push payload as GitHub sends it. */
export function pushPayload(push: Push): Record<string, unknown> {
  const payload = exampleOf('push', (example) => String(example.ref).startsWith('refs/heads/'));
  const [owner = '', name = ''] = push.repository.split('/');
  const repository = {
    ...(payload.repository as object),
    id: repositoryId(push.repository),
    full_name: push.repository,
    name,
    pushed_at: push.pushedAt ?? Math.floor(Date.now() / 1000),
  };
  const deleted = push.after === NO_COMMIT;
  return {
    ...payload,
    ref: `refs/heads/${push.branch}`,
    before: push.before,
    after: push.after,
    created: push.before === NO_COMMIT,
    deleted,
    repository,
    pusher: { name: owner, email: 'test@example.com' },
    head_commit: deleted ? null : headCommit(push),
  };
}

/** Returns a delete payload as GitHub sends it. */
export function deletePayload(repository: string, branch: string, pushedAt: Date): Record<string, unknown> {
  const payload = exampleOf('delete');
  return {
    ...payload,
    ref: branch,
    ref_type: 'branch',
    repository: {
      ...(payload.repository as object),
      id: repositoryId(repository),
      full_name: repository,
      pushed_at: pushedAt.toISOString(),
    },
  };
}

/** Returns an id for a repository, the same for the same name. */
export function repositoryId(repository: string): number {
  return createHash('sha256').update(repository.toLowerCase()).digest().readUIntBE(0, 6) + 1;
}

function headCommit({ after, message }: Push) {
  return {
    id: after,
    tree_id: after,
    distinct: true,
    message: message ?? 'A change',
    timestamp: new Date().toISOString(),
    url: `https://example.com/commit/${after}`,
    author: { name: 'Nexos Test', email: 'test@example.com' },
    committer: { name: 'Nexos Test', email: 'test@example.com' },
    added: [],
    removed: [],
    modified: [],
  };
}

/** The response of the webhook. */
export interface Receipt {
  readonly delivery: string;
  readonly outcome: 'accepted' | 'duplicate';
}

/** The result of a delivery. */
export interface Processed {
  readonly delivery: string;
  readonly outcome: string;
  readonly reason: string | null;
  /** The number of projects for the repository. */
  readonly matched: number;
}

/** Delivers webhooks as GitHub does: signed over the exact bytes that it sends. */
export class WebhookSender {
  /** @param api an operator's, which may read deliveries */
  constructor(
    private readonly url: string,
    private readonly secret: string,
    private readonly api: Pick<ApiClient, 'waitForDelivery'>,
  ) {}

  send(event: string, body: string | object, delivery: Delivery = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const hmac = createHmac('sha256', delivery.secret ?? this.secret).update(text);
    return fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/test',
        'x-github-event': event,
        'x-github-delivery': delivery.id ?? randomUUID(),
        'x-hub-signature-256': delivery.signature ?? `sha256=${hmac.digest('hex')}`,
      },
      body: text,
    });
  }

  /** Delivers an event, and returns the immediate response. */
  async receive(event: string, body: string | object, delivery: Delivery = {}): Promise<Receipt> {
    const response = await this.send(event, body, delivery);
    if (response.status !== 202) throw new Error(`${event}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Receipt;
  }

  /** Delivers an event, and waits until it is processed; a duplicate is not processed. */
  async deliver(event: string, body: string | object, delivery: Delivery = {}): Promise<Processed> {
    const receipt = await this.receive(event, body, delivery);
    const { outcome, reason, projects } = await this.api.waitForDelivery(receipt.delivery);
    const isNew = receipt.outcome === 'accepted';
    return {
      delivery: receipt.delivery,
      outcome: isNew ? outcome : receipt.outcome,
      reason: isNew ? reason : null,
      matched: projects.length,
    };
  }

  /** Delivers a push, and waits until it is processed. */
  push(push: Push, delivery: Delivery = {}): Promise<Processed> {
    return this.deliver('push', pushPayload(push), delivery);
  }
}
