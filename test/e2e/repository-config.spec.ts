import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedStack } from '../support/nexos/shared-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

/** Responds with its build argument and its variables. */
const SERVER = `const { createServer } = require('node:http');
const { BUILT_WITH, GREETING, SECRET, PORT, NEXOS_BRANCH } = process.env;
createServer((_, response) => response.end(JSON.stringify({ BUILT_WITH, GREETING, SECRET, PORT, NEXOS_BRANCH })))
  .listen(PORT, '0.0.0.0');
process.on('SIGTERM', () => process.exit(0));
`;
const DOCKERFILE = `FROM nexos-local/node
ARG VERSION=none
ENV BUILT_WITH=$VERSION
WORKDIR /app
COPY server.js .
CMD ["node", "server.js"]
`;
const CONFIG = `build:
  dockerfile: docker/web.Dockerfile
  context: web
  args: { VERSION: 1.10 }
app: { port: 8080, health_check_path: /up }
env: { GREETING: from the file, SECRET: from the file }
`;

/** The file as the public documents show it. */
const PUBLISHED = `name: my-app
build:
  dockerfile: ./Dockerfile
  context: .
  args: { NODE_VERSION: "20" }
app:
  port: 3000
  cpu: 0.2
  memory: 64
buildResources:
  cpu: 2
  memory: 2048
  timeout: 600
services:
  postgres: true
  redis:
    enabled: true
    version: "7"
  mongodb: false
hooks:
  on_deploy: "true"
  on_new: "true"
env:
  GREETING: published
`;
const WHOLE_CONTEXT = `FROM nexos-local/node
WORKDIR /app
COPY . .
RUN echo the context has $(ls)
CMD ["node", "server.js"]
`;

describe('a repository with a nexos.yaml', () => {
  let nexos: SharedStack;
  let project: TestProject;
  beforeAll(async () => {
    nexos = await SharedStack.enter();
    project = await TestProject.create(nexos, { dockerfile: 'nothing/Dockerfile', port: 4000 });
    const variable = { key: 'SECRET', value: 'from the project' };
    await nexos.api.request('PUT', `/projects/${project.id}/env-vars`, variable);
  });
  afterAll(() => nexos.leave());

  it("is deployed as configured, with the project's variables on top, and stays live when the file is invalid", async () => {
    const files = { 'docker/web.Dockerfile': DOCKERFILE, 'web/server.js': SERVER, 'nexos.yaml': CONFIG };
    expect(await project.deploy(files)).toMatchObject({ status: 'live', failure: null });
    const { url } = await project.environment();
    const app = async () => JSON.parse((await visit(url)).body) as unknown;
    const running = {
      BUILT_WITH: '1.10',
      GREETING: 'from the file',
      SECRET: 'from the project',
      PORT: '8080',
      NEXOS_BRANCH: 'main',
    };
    expect(await app()).toEqual(running);

    const wrong = await project.deploy({ 'nexos.yaml': CONFIG.replace('8080', 'http') });
    const message = 'nexos.yaml line 5, app.port: must be a whole number from 1 to 65535.';
    expect(wrong).toMatchObject({ status: 'failed', failure: { code: 'config_invalid', message } });
    const log = (await nexos.api.log(wrong.id)).map(({ text }) => text);
    expect(log).toContain(message);
    expect(log).toContain(`failed: ${message} (config_invalid)`);
    expect(await app()).toEqual(running);
  });

  it('is live with the published file, and a change of the file alone rebuilds nothing', async () => {
    const shop = await TestProject.create(nexos, {});
    const first = await shop.deploy({
      Dockerfile: WHOLE_CONTEXT,
      // Layers of an earlier run on this engine do not count.
      'server.js': `${SERVER}\n// ${randomUUID()}\n`,
      'nexos.yaml': PUBLISHED,
    });
    expect(first).toMatchObject({ status: 'live', failure: null });
    const { url } = await shop.environment();
    expect(JSON.parse((await visit(url)).body)).toMatchObject({ GREETING: 'published', PORT: '3000' });
    const textOf = async (id: string) => (await nexos.api.log(id)).map(({ text }) => text).join('\n');
    const log = await textOf(first.id);
    expect(log).toContain('nexos.yaml: name is ignored here');
    expect(log).toContain('the context has Dockerfile server.js');

    const changed = await shop.deploy({ 'nexos.yaml': PUBLISHED.replace('published', 'changed') });
    expect(changed).toMatchObject({ status: 'live', failure: null });
    expect(JSON.parse((await visit(url)).body)).toMatchObject({ GREETING: 'changed' });
    expect(await textOf(changed.id)).not.toContain('the context has Dockerfile server.js');
  });
});
