import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { webApp } from '../support/nexos/app-source.js';
import type { Environment } from '../support/nexos/api-client.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe('an environment without recent deployments', () => {
  let nexos: SharedStack;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
  });
  afterAll(() => nexos.leave());

  it("is destroyed after its project's expiry time, and comes back with the next push", async () => {
    const project = await TestProject.create(nexos, { expires_after_days: 7 });
    await project.deploy(webApp('kept'), { branch: 'kept' });
    await project.deploy(webApp('forgotten'));
    const { id, url } = await project.environment();
    await nexos.database.query(
      `UPDATE environments SET created_at = now() - interval '9 days' WHERE project_id = $1`,
      [project.id],
    );
    await nexos.database.query(
      `UPDATE deployments SET queued_at = now() - interval '8 days' WHERE environment_id = $1`,
      [id],
    );
    await nexos.database.query(
      `UPDATE branches SET pushed_at = now() - interval '8 days' WHERE project_id = $1`,
      [project.id],
    );
    // Enqueues what the schedule would, instead of waiting ten minutes for it.
    await nexos.database.query(
      `INSERT INTO outbox (queue, name, payload) VALUES ('quota', 'expire-environments', '{}')`,
    );
    await eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === 'destroyed' ? true : undefined;
    });
    expect(await visit(url)).toMatchObject({ status: 404 });
    expect(await project.environment('kept')).toMatchObject({ status: 'running' });

    await project.deploy(webApp('back again'));
    const next = await project.environment();
    expect(next.id).not.toBe(id);
    expect(next.url).toBe(url);
    expect(await visit(url)).toMatchObject({ body: 'back again' });
  });
});
