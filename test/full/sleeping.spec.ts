import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { webApp } from '../support/nexos/app-source.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

let nexos: NexosStack;
beforeAll(async () => {
  nexos = await NexosStack.start(inject('system'), { env: { IDLE_CHECK_MS: '200' } });
});
afterAll(() => nexos.stop());

async function anEnvironment(): Promise<Environment> {
  const project = await TestProject.create(nexos);
  expect(await project.deploy(webApp('here'))).toMatchObject({ status: 'live' });
  await nexos.api.request('PATCH', `/projects/${project.id}`, { sleep_after_minutes: 5 });
  return project.environment();
}

it('keeps an environment awake when the ingress loses its request counts', async () => {
  const [environment, other] = await Promise.all([anEnvironment(), anEnvironment()]);
  await nexos.restartIngress();
  await nexos.database.query(`UPDATE deployments SET live_at = now() - interval '6 minutes' WHERE id = $1`, [
    environment.live_deployment_id,
  ]);
  await nexos.database.query(
    `UPDATE environments SET created_at = now() - interval '6 minutes', resumed_at = NULL,
       last_request_at = now() - interval '6 minutes' WHERE id = $1`,
    [environment.id],
  );
  await eventually('routes to be back', async () =>
    (await visit(other.url).catch(() => null))?.status === 200 ? true : undefined,
  );
  // Twice: the second check begins only after the first has ended.
  for (let checks = 0; checks < 2; checks++) {
    await nexos.database.query('UPDATE environments SET last_request_at = NULL WHERE id = $1', [other.id]);
    await eventually('a watcher to have checked', async () => {
      const seen = 'SELECT 1 FROM environments WHERE id = $1 AND last_request_at IS NOT NULL';
      return (await nexos.column(seen, [other.id])).length === 1 ? true : undefined;
    });
  }
  expect(await nexos.api.get<Environment>(`/environments/${environment.id}`)).toMatchObject({
    status: 'running',
  });
});
