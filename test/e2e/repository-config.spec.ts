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
});
