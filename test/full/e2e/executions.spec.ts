import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment, Execution, LogEvent } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { waitForNoJobs } from '../../support/nexos/wait-for-no-jobs.js';
import { newVersion, statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';

const SECRET = 'a very secret token';
const SLEEP = ['sh', '-c', 'echo begun; sleep 300'];

describe('a command in an environment', () => {
  let nexos: NexosStack;
  let project: TestProject;
  let main: Environment;
  let other: Environment;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    project = await TestProject.create(nexos, {
      services: { postgres: true, redis: true, s3: false },
      memory_mb: 128,
    });
    await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, { key: 'API_TOKEN', value: SECRET });
    expect(await project.deploy(statefulApp('one'))).toMatchObject({ failure: null, status: 'live' });
    expect(await project.deploy(statefulApp('two'), { branch: 'other' })).toMatchObject({ status: 'live' });
    main = await project.environment('main');
    other = await project.environment('other');
  });
  afterAll(() => nexos.stop());

  const run = async (command: string[], timeoutSeconds = 60, environment = main) => {
    const { id } = await nexos.api.exec(environment.id, command, timeoutSeconds);
    const execution = await nexos.api.waitForExecution(id);
    const log = await nexos.api.output(id);
    const written = log.filter(({ stream }) => stream !== 'system').map(({ text }) => text);
    return { execution, written, last: log.at(-1)?.text };
  };
  const waitForOutput = (id: string, text: string) =>
    eventually(`the command to say "${text}"`, async () =>
      (await nexos.api.output(id)).some((line) => line.text === text) ? true : undefined,
    );
  const psql = (sql: string) => ['psql', '$DATABASE_URL', '-AtX', '-v', 'ON_ERROR_STOP=1', '-c', sql];

  it('streams its output and exit code, and stores no value of a variable', async () => {
    const { id, status, command } = await nexos.api.exec(main.id, psql('select 1 + 1'));
    expect(status).toBe('queued');
    const events: LogEvent[] = [];
    for await (const event of nexos.api.followAt(`/executions/${id}/logs`)) events.push(event);
    expect(events.map(({ data }) => data.text)).toContain('2');
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { status: 'exited', exit_code: 0 } });
    const execution = await nexos.api.waitForExecution(id);
    expect(execution).toMatchObject({ command, deployment_id: main.live_deployment_id, exit_code: 0 });
    expect(execution.command).toContain('$DATABASE_URL');
    expect(await nexos.api.get<Execution[]>(`/environments/${main.id}/executions`)).toEqual([execution]);
    await waitForNoJobs(nexos);
  });

  it('connects to Postgres over TLS if it asks for that, and by the variables of the service alone', async () => {
    const isEncrypted = 'select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    const over = (mode: string) => ['psql', `$DATABASE_URL?sslmode=${mode}`, '-AtXc', isEncrypted];
    expect(await run(over('require'))).toMatchObject({ written: ['t'] });
    expect(await run(over('disable'))).toMatchObject({ written: ['f'] });
    expect(await run(['psql', '-AtXc', 'select current_user'])).toMatchObject({ written: [main.id] });
  });

  it('reports its exit code and output when it fails', async () => {
    const { execution, written } = await run(psql('select * from missing'));
    expect(execution).toMatchObject({ status: 'exited', exit_code: 1, failure: null });
    expect(written.join('\n')).toContain('relation "missing" does not exist');
    expect((await run(['no-such-program', '$PORT'])).execution).toMatchObject({ exit_code: 127 });
    await waitForNoJobs(nexos);
  });

  it("has the app's variables, and redacts secrets", async () => {
    const { written } = await run([
      'node',
      '-p',
      'process.env.PORT + process.argv.slice(1)',
      '${API_TOKEN}!',
    ]);
    expect(written).toEqual(['3000[redacted]!']);
    const environment = await run(['env']);
    const text = environment.written.join('\n');
    expect(text).toContain(`NEXOS_ENVIRONMENT=${main.id}`);
    expect(text).toMatch(/DATABASE_URL=postgres:\/\/[^:]+:\[redacted\]@/);
    expect(text).not.toContain(SECRET);
    const { written: pong } = await run(['redis-cli', '--no-auth-warning', '-u', '$REDIS_URL', 'ping']);
    expect(pong).toEqual(['PONG']);
    await waitForNoJobs(nexos);
  });

  it('reaches no other environment', async () => {
    await run(psql(`create table notes as select 'of main' as text`));
    expect((await run(psql('table notes'))).written).toEqual(['of main']);
    expect((await run(psql('table notes'), 60, other)).written.join()).toContain('does not exist');
    const { execution, written } = await run(
      ['psql', '-X', '-d', `$DATABASE_URL`, '-c', `\\c ${main.id}`],
      60,
      other,
    );
    expect(execution.exit_code).not.toBe(0);
    expect(written.join()).toMatch(/permission denied for database/);
  });

  it('stops on a timeout and on a cancel', async () => {
    const late = await run(SLEEP, 2);
    expect(late.execution).toMatchObject({ status: 'timed_out', exit_code: null });
    expect(late.written).toEqual(['begun']);
    expect(late.last).toContain('2 s');
    const { id } = await nexos.api.exec(main.id, SLEEP);
    await waitForOutput(id, 'begun');
    expect((await nexos.api.request('POST', `/executions/${id}/cancel`)).status).toBe(202);
    expect(await nexos.api.waitForExecution(id)).toMatchObject({ status: 'cancelled', exit_code: null });
    expect((await nexos.api.request('POST', `/executions/${id}/cancel`)).status).toBe(202);
    await waitForNoJobs(nexos);
  });

  it('gets its log truncated when it writes too much', async () => {
    const { written, execution } = await run(['sh', '-c', 'yes a line that is written | head -c 3000000']);
    expect(execution).toMatchObject({ status: 'exited', exit_code: 0 });
    const bytes = written.reduce((sum, line) => sum + line.length, 0);
    expect(bytes).toBeLessThanOrEqual(1024 * 1024);
  });

  it('keeps running during a deployment, which does not wait for it', async () => {
    const { id } = await nexos.api.exec(main.id, SLEEP);
    await waitForOutput(id, 'begun');
    expect(await project.deploy(newVersion('three'))).toMatchObject({ status: 'live' });
    await eventually('the environment to be settled', async () => {
      const sql = 'SELECT generation = observed_generation FROM environments WHERE id = $1';
      return (await nexos.column(sql, [main.id]))[0] === true ? true : undefined;
    });
    expect(await nexos.api.get<Execution>(`/executions/${id}`)).toMatchObject({ status: 'running' });
    await nexos.api.post(`/executions/${id}/cancel`);
    await nexos.api.waitForExecution(id);
  });

  it('runs in an image without a shell, and fails when it needs the shell', async () => {
    const files = statefulApp('bare');
    const Dockerfile = files.Dockerfile?.replace('CMD', 'RUN ["rm", "/bin/sh"]\nCMD') ?? '';
    expect(await project.deploy({ ...files, Dockerfile }, { branch: 'bare' })).toMatchObject({
      status: 'live',
    });
    const bare = await project.environment('bare');
    expect((await run(['node', '-p', '6 * 7'], 60, bare)).written).toEqual(['42']);
    const { execution } = await run(['node', '-p', '"$PORT"'], 60, bare);
    expect(execution).toMatchObject({ status: 'failed', failure: { code: 'no_shell' } });
  });

  it('is cancelled when its environment is paused or destroyed', async () => {
    const paused = await nexos.api.exec(main.id, SLEEP);
    const destroyed = await nexos.api.exec(other.id, SLEEP);
    await waitForOutput(paused.id, 'begun');
    await waitForOutput(destroyed.id, 'begun');
    await nexos.api.post(`/environments/${main.id}/pause`);
    await nexos.api.post(`/environments/${other.id}/destroy`);
    expect(await nexos.api.waitForExecution(paused.id)).toMatchObject({ status: 'cancelled' });
    expect(await nexos.api.waitForExecution(destroyed.id)).toMatchObject({ status: 'cancelled' });
    await eventually('the environment to be destroyed', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${other.id}`);
      return status === 'destroyed' ? true : undefined;
    });
    await waitForNoJobs(nexos);
    const response = await nexos.api.request('POST', `/environments/${main.id}/exec`, { command: ['true'] });
    expect(response.status).toBe(409);
  });
});
