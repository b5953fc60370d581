import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { waitForNoJobs } from '../support/nexos/wait-for-no-jobs.js';
import { statefulApp } from '../support/nexos/stateful-app.js';
import { TestProject } from '../support/nexos/test-project.js';

describe('a command whose worker is killed', () => {
  let nexos: NexosStack;
  let main: Environment;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    const services = { postgres: true, redis: false, s3: false };
    const project = await TestProject.create(nexos, { services, memory_mb: 128 });
    expect(await project.deploy(statefulApp('one'))).toMatchObject({ failure: null, status: 'live' });
    main = await project.environment();
  });
  afterAll(() => nexos.stop());

  const psql = async (sql: string) => {
    const { id } = await nexos.api.exec(main.id, ['psql', '$DATABASE_URL', '-AtXq', '-c', sql]);
    expect(await nexos.api.waitForExecution(id)).toMatchObject({ status: 'exited', exit_code: 0 });
    return id;
  };
  const written = async (id: string) => {
    const lines = (await nexos.api.output(id)).filter(({ stream }) => stream !== 'system');
    return lines.map(({ text }) => text);
  };

  it('starts once, and is followed to its end by another worker', async () => {
    const script = `echo $HOSTNAME $(cat /proc/sys/kernel/random/uuid); for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 1; done; exit 4`;
    const { id } = await nexos.api.exec(main.id, ['sh', '-c', script]);
    await eventually('the command to be running', async () =>
      (await written(id)).includes('2') ? true : undefined,
    );
    await nexos.app('lifecycle').stop('SIGKILL');
    nexos.app('lifecycle').start();
    expect(await nexos.api.waitForExecution(id)).toMatchObject({ status: 'exited', exit_code: 4 });
    expect((await written(id)).slice(1)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(await nexos.column('SELECT log_writers FROM executions WHERE id = $1', [id])).toEqual([2]);
    await waitForNoJobs(nexos);
  });

  it('fails instead of starting again when its container is lost too', async () => {
    await psql('create table noted (what text)');
    const id = await psql(`insert into noted values ('once')`);
    await waitForNoJobs(nexos);
    await nexos.app('lifecycle').stop('SIGKILL');
    await nexos.column(
      `UPDATE executions SET status = 'running', exit_code = NULL, finished_at = NULL, settled_at = NULL WHERE id = $1`,
      [id],
    );
    nexos.app('lifecycle').start();
    expect(await nexos.api.waitForExecution(id)).toMatchObject({
      status: 'failed',
      failure: { code: 'worker_lost' },
    });
    expect(await written(await psql('table noted'))).toEqual(['once']);
  });
});
