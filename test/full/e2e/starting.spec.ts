import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { findTheEngine } from '../../support/machine.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

type Files = Record<string, string>;

/** How soon an app must be back; a HEALTHCHECK with the engine's default interval would take half a minute. */
const SOON_MS = 15_000;
const { Dockerfile: DOCKERFILE = '' } = webApp('');

/** Returns an app whose server is this code. */
const server = (code: string, dockerfile = DOCKERFILE): Files => ({
  Dockerfile: dockerfile,
  'server.js': code,
});
const listening = (where: string, does = 'response.end("ok")') =>
  server(`require('node:http').createServer((request, response) => { ${does} }).listen(${where});\n`);
const withLine = (line: string, files: Files = webApp('ok')): Files => ({
  ...files,
  Dockerfile: `${files.Dockerfile ?? ''}${line}\n`,
});
const INIT = `#!/bin/sh
[ $$ -eq 1 ] || { echo "can only run as pid 1" >&2; exit 100; }
exec node server.js
`;
const init: Files = {
  ...webApp('first'),
  init: INIT,
  Dockerfile: 'FROM nexos-local/node\nWORKDIR /app\nCOPY . .\nRUN chmod +x init\nENTRYPOINT ["/app/init"]\n',
};
const script = (text: string, mode = '+x'): Files => ({
  ...webApp('ok'),
  'start.sh': text,
  Dockerfile: `FROM nexos-local/node\nWORKDIR /app\nCOPY . .\nRUN chmod ${mode} start.sh\nCMD ["./start.sh"]\n`,
});

/** Costs about a minute and a half: 25 deployments, most of them side by side. */
describe('an app that starts', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(() => nexos.stop());

  const deploy = async (files: Files, settings: object = {}) => {
    const project = await TestProject.create(nexos, settings);
    return { project, deployment: await project.deploy(files) };
  };
  const live = async (files: Files, settings: object = {}) => {
    const { project, deployment } = await deploy(files, settings);
    expect(deployment).toMatchObject({ status: 'live', failure: null });
    return project.environment();
  };
  const answers = (url: string, body = 'ok') =>
    eventually(
      `${url} to answer`,
      async () => ((await visit(url).catch(() => null))?.body === body ? true : undefined),
      { deadlineMs: SOON_MS },
    );

  it.concurrent(
    'is live, restarted and resumed at once, whatever the HEALTHCHECK of its image says',
    async () => {
      const { id, url } = await live(withLine('HEALTHCHECK --interval=90s CMD /no/such/program'));
      await answers(url);
      const [container = ''] = await nexos.containers(`dev.nexos.environment=${id}`);
      const engine = await findTheEngine();
      expect((await engine.getContainer(container).inspect()).State.Health).toBeUndefined();
      await engine.getContainer(container).kill();
      await eventually('another container', async () => {
        const [next = container] = await nexos.containers(`dev.nexos.environment=${id}`);
        return next === container ? undefined : true;
      });
      await answers(url);
      const until = (status: Environment['status']) =>
        eventually(`the environment to be ${status}`, async () =>
          (await nexos.api.get<Environment>(`/environments/${id}`)).status === status ? true : undefined,
        );
      await nexos.api.post(`/environments/${id}/pause`);
      await until('paused');
      await nexos.api.post(`/environments/${id}/resume`);
      await until('running');
      await answers(url);
    },
  );

  it.concurrent(
    'may be process 1, if its settings say so; otherwise the failure names the setting',
    async () => {
      const { project, deployment } = await deploy(init);
      expect(deployment).toMatchObject({ status: 'failed', failure: { code: 'app_exited' } });
      expect(deployment.failure?.message).toMatch(
        /^\/app\/init must run as process 1 .* \(app\.init in nexos\.yaml\)/,
      );
      const next = await project.deploy({ ...init, 'nexos.yaml': 'app: { init: false }\n' });
      expect(next).toMatchObject({ status: 'live' });
      await answers((await project.environment()).url, 'first');
    },
  );

  it.concurrent.each<[string, Files, object]>([
    ['that its Dockerfile exposes, ignoring PORT', withLine('EXPOSE 8080', listening('8080')), {}],
    ['that its Dockerfile exposes, following PORT', withLine('EXPOSE 8080 53/udp'), {}],
    [
      'that its base image exposes, following PORT without being root',
      {
        ...webApp('ok'),
        Dockerfile:
          DOCKERFILE.replace(' nexos-local/node', ' nexos-local/node AS base\nEXPOSE 80\nFROM base') +
          'USER 1000\n',
      },
      {},
    ],
    ['3000, where several are exposed', withLine('EXPOSE 8080 9090', listening('3000')), {}],
    ['of its project, whatever is exposed', withLine('EXPOSE 8080', listening('4000')), { port: 4000 }],
  ])('is reached on the port %s', async (_what, files, settings) => {
    const { url } = await live(files, settings);
    await answers(url);
  });

  it.concurrent('may take long for its first response', async () => {
    const slow = listening('process.env.PORT', 'setTimeout(() => response.end("ok"), 7_000)');
    await live(slow);
  });

  it.concurrent.each<[string, Files, string, RegExp, object?]>([
    [
      'nothing listens',
      server('setInterval(() => 0, 1000);'),
      'app_not_answering',
      /^Nothing in the container listened/,
    ],
    [
      'it listens on 127.0.0.1',
      listening(`process.env.PORT, '127.0.0.1'`),
      'app_not_answering',
      /^The app listens on 127\.0\.0\.1 only \(port 3000\)/,
    ],
    [
      'it listens on IPv6 only',
      listening(`{ port: process.env.PORT, host: '::', ipv6Only: true }`),
      'app_not_answering',
      /^The app listens on port 3000 on IPv6 only/,
    ],
    [
      'it listens on another port',
      listening('8080'),
      'app_not_answering',
      /^The app listens on port 8080 instead of 3000/,
    ],
    [
      'it never responds',
      listening('process.env.PORT', ''),
      'app_not_answering',
      /accepts connections on port 3000 but did not respond to GET \//,
    ],
    [
      'it closes connections',
      server(`require('node:net').createServer((socket) => socket.destroy()).listen(process.env.PORT);`),
      'app_not_answering',
      /closed them without responding/,
    ],
    ['it responds 503', webApp('no', { status: 503 }), 'app_unhealthy', /^GET \/ answered 503/],
    [
      'it runs out of memory',
      server('const all = []; setInterval(() => all.push(Buffer.alloc(8 << 20, 1)), 20);'),
      'app_exited',
      /^The app ran out of memory .* it may use 64 MiB/,
    ],
    [
      'its script has CRLF line endings',
      script('#!/bin/sh\r\nexec node server.js\r\n'),
      'app_exited',
      /^The script \.\/start\.sh has CRLF/,
    ],
    [
      'its script needs an interpreter',
      script('#!/usr/bin/env ruby\n'),
      'app_exited',
      /^\.\/start\.sh needs ruby, which the image lacks/,
    ],
    [
      'its script is not executable',
      script('#!/bin/sh\n', '-x'),
      'app_exited',
      /^\.\/start\.sh is not executable/,
    ],
    [
      'its script is not executable, without an init',
      { ...script('#!/bin/sh\n', '-x'), 'nexos.yaml': 'app: { init: false }\n' },
      'app_exited',
      /^\.\/start\.sh is not executable/,
    ],
    [
      'its script has CRLF line endings, without an init',
      { ...script('#!/bin/sh\r\nexec node server.js\r\n'), 'nexos.yaml': 'app: { init: false }\n' },
      'app_exited',
      /^The script \.\/start\.sh has CRLF/,
    ],
    [
      'its image has no shell',
      { Dockerfile: 'FROM scratch\nCOPY app /app\nCMD /app\n', app: 'x' },
      'app_exited',
      /^The command needs \/bin\/sh, a shell that the image lacks/,
    ],
  ])('fails with a message that says that %s', async (_what, files, code, message) => {
    // One that exits fails sooner. On a busy machine its third exit, or listening, may take a while.
    const seconds = code === 'app_exited' ? 60 : 20;
    const { deployment } = await deploy(files, { start_timeout_seconds: seconds });
    expect(deployment).toMatchObject({ status: 'failed', failure: { code } });
    expect(deployment.failure?.message).toMatch(message);
  });
});
