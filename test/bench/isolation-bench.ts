import { randomBytes, randomUUID } from 'node:crypto';
import { IsolatedBuilds } from '../support/isolated-builds.js';
import type { TestSystem } from '../support/global-setup.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { settled, stoppedOthers, untilAnswers } from './deploy-steps.js';
import { printSpread, spread } from './spread.js';
import type { Row } from './table.js';

const ROUNDS = 15;
const ENV = { LOG_LEVEL: 'info', NODE_ENV: 'production' };

/**
 * Compares the time from a push to the first response between an installation that builds with the engine of the machine
 * and one with isolated builds, which pushes each image to a registry and pulls it from there. Pushes alternate.
 */
export async function benchIsolation(system: TestSystem): Promise<Row[]> {
  const instance = `b${randomBytes(3).toString('hex')}`;
  const builds = await IsolatedBuilds.start({ instance, images: [system.images.node ?? ''] });
  const stacks: NexosStack[] = [];
  try {
    const start = async (
      env: Readonly<Record<string, string>>,
      builder: Readonly<Record<string, string>>,
    ) => {
      const nexos = await NexosStack.start(system, { env: { ...ENV, ...env }, appEnv: { builder } });
      stacks.push(nexos);
      const project = await TestProject.create(nexos);
      await project.deploy(webApp('first'));
      return { nexos, project, times: [] as number[] };
    };
    const shared = await start({}, {});
    const isolated = await start(builds.env, { DOCKER_HOST: builds.host });
    // The first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { nexos, project, times } of [shared, isolated]) {
        const ms = await pushOnce(nexos, project);
        if (round > 0) times.push(ms);
      }
    }
    printSpread(`push → first response, engine of the machine, ${ROUNDS} pushes`, spread(shared.times));
    printSpread(`push → first response, isolated builds, ${ROUNDS} pushes`, spread(isolated.times));
    const figures = { shared: spread(shared.times), isolated: spread(isolated.times) };
    const ratio = Math.round((figures.isolated.p50 / figures.shared.p50) * 100) / 100;
    process.stdout.write(`  ratio of the medians  ${ratio}\n`);
    process.stdout.write(`${JSON.stringify({ bench: 'isolation', rounds: ROUNDS, ratio, ...figures })}\n`);
    return [
      {
        what: 'push → first response, isolated builds against others, p50',
        bare: `${figures.shared.p50} ms`,
        nexos: `${figures.isolated.p50} ms`,
        ratio,
        target: null,
      },
    ];
  } finally {
    for (const nexos of stacks) await nexos.stop();
    await builds.stop();
  }
}

/** Pushes; returns the milliseconds until the first response of its version. */
async function pushOnce(nexos: NexosStack, project: TestProject): Promise<number> {
  const text = randomUUID();
  const sha = await project.commit(webApp(text));
  const { url } = await project.environment();
  const pushed = Date.now();
  await project.deliver('main', sha);
  const ms = (await untilAnswers(url, text)) - pushed;
  await settled(nexos);
  await stoppedOthers(nexos, project, 1);
  return ms;
}
