import { setTimeout as wait } from 'node:timers/promises';
import { type Spread, spread } from '../spread.js';
import { type IngressStage, LIVE } from './stage.js';

const POLL_MS = 2;
const DEADLINE_MS = 30_000;

/**
 * Restarts HAProxy, whose maps are then empty, and measures from the start of its process until the last route answers.
 *
 * @throws when any route does not answer afterwards
 */
export async function measureReady(stage: IngressStage, restarts: number): Promise<Spread> {
  const times: number[] = [];
  for (let restart = 0; restart < restarts; restart++) {
    await stage.ingress.stop({ t: 1 });
    const [answeredAt] = await Promise.all([whenAnswered(stage), stage.ingress.start()]);
    const { State: state } = await stage.ingress.inspect();
    // The engine notes the start a moment after the process began.
    times.push(answeredAt - Math.min(Date.parse(state.StartedAt), await stage.writers.bootedAt()));
    for (const { hostname } of stage.routes) {
      const { status, body } = await stage.visit(hostname);
      if (status !== 200 || body !== LIVE) throw new Error(`${hostname} answered ${status}: ${body}`);
    }
  }
  return spread(times);
}

/** Returns when the last route answered, in milliseconds since the epoch. */
async function whenAnswered(stage: IngressStage): Promise<number> {
  const hostname = stage.routes.at(-1)?.hostname ?? '';
  const deadline = Date.now() + DEADLINE_MS;
  while ((await stage.visit(hostname)).status !== 200) {
    if (Date.now() > deadline) throw new Error(`${hostname} did not answer within ${DEADLINE_MS} ms.`);
    await wait(POLL_MS);
  }
  return Date.now();
}
