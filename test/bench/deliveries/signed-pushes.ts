import { createHmac, randomUUID } from 'node:crypto';
import type { NexosStack } from '../../support/nexos/nexos-stack.js';
import { pushPayload, type Push } from '../../support/nexos/webhook-sender.js';

const CONNECTIONS = 50;

/** A webhook request, ready to be sent. */
interface SignedPush {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a push as GitHub does. */
export function signPush({ env }: NexosStack, push: Push): SignedPush {
  const body = JSON.stringify(pushPayload(push));
  const signature = createHmac('sha256', env.GITHUB_WEBHOOK_SECRET ?? '')
    .update(body)
    .digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  return { body, headers };
}

/**
 * Sends pushes over several connections, in this order as far as connections beside each other keep it.
 *
 * @returns how many of them were duplicates
 * @throws when one is not accepted
 */
export async function sendAll({ api }: NexosStack, pushes: readonly SignedPush[]): Promise<number> {
  const url = `${api.baseUrl}/api/webhooks/github`;
  let next = 0;
  let duplicates = 0;
  const send = async (): Promise<void> => {
    for (let push = pushes[next++]; push !== undefined; push = pushes[next++]) {
      const response = await fetch(url, { method: 'POST', body: push.body, headers: push.headers });
      if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
      const { outcome } = (await response.json()) as { outcome: string };
      if (outcome === 'duplicate') duplicates++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  return duplicates;
}
