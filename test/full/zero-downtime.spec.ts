import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SteadyLoad } from '../integration/ingress/steady-load.js';
import { EchoSocket } from '../integration/ingress/visitor.js';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { byScale } from '../support/scale.js';

const APP = readFileSync(new URL('../integration/ingress/echo-app.mjs', import.meta.url), 'utf8');
const RATE = 200;
const DEPLOYS = byScale({ short: 3, long: 30 });
const DRAIN_MS = 10_000;

function echoApp(version: string): Record<string, string> {
  return {
    Dockerfile: `FROM nexos-local/node\nENV VERSION=${version}\nCOPY app.mjs .\nCMD ["node", "app.mjs"]\n`,
    'app.mjs': APP,
  };
}

describe('a new version', () => {
  let nexos: NexosStack;
  let port: number;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { DRAIN_MS: String(DRAIN_MS) } });
    port = Number(nexos.env.PUBLIC_PORT);
  });
  afterAll(() => nexos.stop());

  /** Returns null for an error on a connection closed meanwhile, and rethrows it on an open one. */
  const nullIfClosed = (socket: EchoSocket) => (error: unknown) => {
    if (!socket.closed) throw error;
    return null;
  };
  const hostOf = ({ url }: Environment) => new URL(url).hostname;

  it('takes over at 200 requests a second without a failed one, and drains WebSockets for ten seconds', async () => {
    const project = await TestProject.create(nexos);
    await project.deploy(echoApp('v0'));
    await project.deploy(echoApp('neighbour'), { branch: 'neighbour' });
    const environment = await project.environment();
    const host = hostOf(environment);
    const neighbour = await EchoSocket.open(port, hostOf(await project.environment('neighbour')));
    const load = new SteadyLoad(port, host, RATE);
    try {
      for (let n = 1; n <= DEPLOYS; n++) {
        const socket = await EchoSocket.open(port, host);
        const { live_at: liveAt, status } = await project.deploy(echoApp(`v${n}`));
        expect(status).toBe('live');
        const replacedAt = Date.parse(liveAt ?? '');
        await eventually(
          'the old version to be gone',
          async () => {
            const answer = socket.closed ? null : await socket.echo('still here').catch(nullIfClosed(socket));
            if (answer === null) return true;
            expect(answer).toBe('still here');
            return undefined;
          },
          { everyMs: 250 },
        );
        expect(Date.now() - replacedAt).toBeGreaterThanOrEqual(DRAIN_MS);
      }
    } finally {
      await load.stop();
    }

    expect(load.failures).toEqual([]);
    const versions = Array.from({ length: DEPLOYS + 1 }, (_, n) => `v${n}`);
    expect([...load.versions.keys()].sort()).toEqual(versions.sort());
    expect(load.answered).toBeGreaterThan((DEPLOYS * DRAIN_MS * RATE) / 1000);
    expect(await neighbour.echo('undisturbed')).toBe('undisturbed');
    neighbour.close();
    expect(await nexos.services(`dev.nexos.environment=${environment.id}`)).toHaveLength(1);
  });
});
