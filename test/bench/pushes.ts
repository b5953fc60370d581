import { createHmac, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type autocannon from 'autocannon';
import type { AppName } from '../support/nexos/app-process.js';
import type { NexosStack } from '../support/nexos/nexos-stack.js';
import { NO_COMMIT, pushPayload, type Push } from '../support/nexos/webhook-sender.js';

const DEADLINE_MS = 120_000;

/** Returns the named apps that exist in this version, so that a bench also runs on older versions. */
export function appsOf(...names: readonly string[]): readonly AppName[] {
  return names.filter((name) => existsSync(`dist/apps/${name}`)) as AppName[];
}

export function sha(): string {
  return (randomUUID() + randomUUID()).replaceAll('-', '').slice(0, 40);
}

/** Delivers a push and waits for the response. */
export async function deliver(nexos: NexosStack, push: Push): Promise<void> {
  const response = await nexos.webhooks.send('push', pushPayload(push));
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
}

/** Creates a project with an environment for each repository. */
export async function makeProjects(nexos: NexosStack, repositories: readonly string[], pushedAt: number) {
  for (const repository of repositories) {
    await nexos.api.post('/projects', { name: repository, github_repo: repository });
    await deliver(nexos, { repository, branch: 'main', before: NO_COMMIT, after: sha(), pushedAt });
  }
  await processed(nexos);
}

/** Waits until no delivery is left to process; versions that process before they answer have none. */
export async function processed(nexos: NexosStack): Promise<void> {
  const waiting = `SELECT count(*)::integer FROM webhook_deliveries WHERE outcome = 'accepted'`;
  await until(async () => (await nexos.column<number>(waiting))[0] === 0);
}

export async function until(condition: () => Promise<boolean>, deadlineMs = DEADLINE_MS): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`The condition did not hold within ${deadlineMs / 1000} s.`);
    await wait(10);
  }
}

/** Makes a connection push to a repository, each commit on top of the previous one, as GitHub would send it. */
export function pushSequentially(client: autocannon.Client, repository: string, secret: string): void {
  let before = sha();
  client.setRequests([
    {
      method: 'POST',
      setupRequest: (request) => {
        const after = sha();
        const body = JSON.stringify(pushPayload({ repository, branch: 'main', before, after }));
        before = after;
        const signature = createHmac('sha256', secret).update(body).digest('hex');
        const headers = {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': `sha256=${signature}`,
        };
        return { ...request, headers, body };
      },
    },
  ]);
}
