import { type components } from '@nexos/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

type Details = components['schemas']['EnvironmentDetailsResponse'];
type Page = components['schemas']['RuntimeLogResponse'];

/** Answers with its name and version, and at /others with what the container at a URL answers. */
const server = (
  name: string,
  other: string,
  version: string,
) => `const { createServer } = require('node:http');
createServer(async (request, response) => {
  if (request.url !== '/others') return response.end('${name} ${version}');
  response.end(await fetch('${other}').then((answer) => answer.text(), ({ cause }) => cause.code));
}).listen(process.env.PORT, '0.0.0.0');
console.log('${name} ${version} begins');
process.on('SIGTERM', () => process.exit(0));
`;
const WORKER = `console.log('the worker is process', process.pid);
setInterval(async () => {
  const answer = fetch('http://api:3001').then((answer) => answer.text());
  // The API may be stopped a moment earlier.
  console.log('the worker sees', await answer.catch(({ cause }) => cause.code));
}, 500);
process.on('SIGTERM', () => {
  console.log('the worker stops');
  process.exit(0);
});
`;
const CONFIG = `app: { port: 3000 }
build: { args: { GREETING: hello } }
containers:
  - name: api
    dockerfile: api/Dockerfile
    context: api
    public: true
  - name: worker
    command: [node, worker.js]
    init: false
    depends_on: [api]
`;
const DOCKERFILE =
  'FROM nexos-local/node\nWORKDIR /app\nVOLUME /app/data\nCOPY . .\nCMD ["node", "server.js"]\n';
/** Needs what every build gets, has the port that nobody else sets, and a check that would never pass. */
const API_DOCKERFILE = `${DOCKERFILE}EXPOSE 3001
HEALTHCHECK --interval=1s --retries=1 CMD false
ARG GREETING
RUN --mount=type=secret,id=TOKEN test "$GREETING" = hello -a -s /run/secrets/TOKEN
`;
const filesOf = (version: string) => ({
  Dockerfile: DOCKERFILE,
  'server.js': server('app', 'http://api:3001', version),
  'worker.js': WORKER,
  'api/Dockerfile': API_DOCKERFILE,
  'api/server.js': server('api', 'http://app:3000', version),
  'nexos.yaml': CONFIG,
});

describe('an environment with several containers', () => {
  let nexos: SharedStack;
  let project: TestProject;
  let id: string;
  let url: string;
  let api: string;
  let firstId: string;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
    project = await TestProject.create(nexos);
    const variables = [{ key: 'TOKEN', value: 'a-token-of-builds', build: 'secret' }];
    await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, { variables });
  });
  afterAll(() => nexos.leave());

  const logOf = async (deployment: string) => (await nexos.api.log(deployment)).map(({ text }) => text);
  const texts = async (container: string, more = '') =>
    (await nexos.api.get<Page>(`/environments/${id}/logs?container=${container}${more}`)).lines.map(
      ({ text }) => text,
    );
  const untilStatus = (wanted: string) =>
    eventually(`the environment to be ${wanted}`, async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === wanted || undefined;
    });

  it('builds and shows all of them, and each reaches the others by name', async () => {
    const first = await project.deploy(filesOf('one'));
    expect(first).toMatchObject({ status: 'live', failure: null });
    firstId = first.id;
    ({ id, url } = await project.environment());
    const log = await logOf(firstId);
    expect(log.filter((line) => /^\[app\] built in|^\[api\] built in/.test(line))).toHaveLength(2);
    expect(log.find((line) => line.startsWith('[app] the image declares VOLUME /app/data'))).toBeDefined();
    expect(log.find((line) => line.startsWith('[api] the image exposes port 3001'))).toBeDefined();

    const { containers } = await nexos.api.get<Details>(`/environments/${id}`);
    expect(containers.map(({ name }) => name)).toEqual(['app', 'api', 'worker']);
    api = containers[1]?.url ?? '';
    expect(api).toBe(url.replace(/^(http:\/\/[^.]+)/, '$1-api'));
    expect(containers[2]?.url).toBeNull();
    expect(await visit(url)).toMatchObject({ body: 'app one' });
    expect(await visit(api)).toMatchObject({ body: 'api one' });
    expect(await visit(url, { path: '/others' })).toMatchObject({ body: 'api one' });
    expect(await visit(api, { path: '/others' })).toMatchObject({ body: 'app one' });
    await eventually(
      'the worker to reach the API',
      async () => (await texts('worker')).includes('the worker sees api one') || undefined,
    );
    expect(await texts('worker')).toContain('the worker is process 1');
    for (const name of ['api', 'app']) {
      // The first look at a log may find nothing yet on a busy machine.
      const written = () =>
        texts(name).then((lines) => (lines.includes(`${name} one begins`) ? lines : undefined));
      expect(await eventually(`the output of ${name}`, written)).toEqual([`${name} one begins`]);
    }

    const command = ['node', '-e', 'fetch("http://app:3000").then((a) => a.text()).then(console.log)'];
    const queued = await nexos.api.post<{ id: string }>(`/environments/${id}/exec`, {
      command,
      container: 'api',
    });
    expect(await nexos.api.waitForExecution(queued.id)).toMatchObject({ status: 'exited', exit_code: 0 });
    expect((await nexos.api.output(queued.id)).map(({ text }) => text)).toContain('app one');
  });

  it('goes live with all of them, and keeps all when one fails', async () => {
    const second = await project.deploy(filesOf('two'));
    expect(second).toMatchObject({ status: 'live', failure: null });
    expect(await visit(url, { path: '/others' })).toMatchObject({ body: 'api two' });
    expect(await visit(api, { path: '/others' })).toMatchObject({ body: 'app two' });
    expect((await logOf(second.id)).join('\n')).not.toContain('VOLUME');
    await eventually('the first version to be gone', async () => {
      const running = await nexos.containers(`dev.nexos.deployment=${firstId}`);
      return running.length === 0 || undefined;
    });
    let said: string[] = [];
    await eventually(
      'the last words of the old worker',
      async () => {
        said = await texts('worker', `&deployment_id=${firstId}`);
        return said.at(-1) === 'the worker stops' || undefined;
      },
      { seen: () => said.slice(-5) },
    );

    const failed = await project.deploy({ 'worker.js': 'process.exit(3);\n' });
    expect(failed.failure?.message).toMatch(/^worker: The container exited .*code 3/);
    const unbuilt = await project.deploy({ 'api/Dockerfile': `${API_DOCKERFILE}RUN exit 4\n` });
    expect(unbuilt.failure?.code).toBe('build_step_failed');
    expect(unbuilt.failure?.message).toMatch(/^api: Line 10 of "api\/Dockerfile".*RUN exit 4/);
    expect(await visit(url)).toMatchObject({ body: 'app two' });
    expect(await visit(api)).toMatchObject({ body: 'api two' });
  });

  it('pauses, resumes and destroys all of them', async () => {
    await nexos.api.post(`/environments/${id}/pause`);
    await untilStatus('paused');
    expect((await visit(api)).status).toBe(503);
    await nexos.api.post(`/environments/${id}/resume`);
    await untilStatus('running');
    expect(await visit(api, { path: '/others' })).toMatchObject({ body: 'app two' });
    await nexos.api.post(`/environments/${id}/destroy`);
    await untilStatus('destroyed');
    expect((await visit(api)).status).toBe(404);
  });
});
