import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { slowBuild, webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';

/** A sleep time that no other program uses, so that the step can be found among this machine's processes. */
const SECONDS = 60 + Math.floor(Math.random() * 1e6) / 1e6;

describe("a builder's only build slot", () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { BUILD_CONCURRENCY: '1' } });
  });
  afterAll(() => nexos.stop());

  const startedAt = async (id: string) =>
    Date.parse((await nexos.api.deployment(id)).started_at ?? '') || undefined;

  it('is free within two seconds of a cancel, with no build step left running', async () => {
    const slow = await TestProject.create(nexos);
    const waiting = await TestProject.create(nexos);
    await slow.push(slowBuild('never', SECONDS));
    const { latest_deployment_id: building } = await slow.environment();
    await eventually('the slow step', () => Promise.resolve(isSleeping() ? true : undefined));
    const sha = await waiting.push(webApp('waits for its turn'));
    const { id, latest_deployment_id: next } = await waiting.environment();
    expect(await nexos.api.deployment(next ?? '')).toMatchObject({ status: 'queued' });

    const cancelled = Date.now();
    await nexos.api.post(`/deployments/${building ?? ''}/cancel`);
    await eventually('the step to end', () => Promise.resolve(isSleeping() ? undefined : true));
    expect(Date.now() - cancelled).toBeLessThan(2_000);
    const began = await eventually('the next build to begin', () => startedAt(next ?? ''));
    expect(began - cancelled).toBeLessThan(2_000);
    expect(await nexos.api.waitForDeployment(id, sha)).toMatchObject({ status: 'live' });
    expect(await nexos.api.deployment(building ?? '')).toMatchObject({ status: 'cancelled' });
  });
});

function isSleeping(): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`sleep\0${SECONDS}`);
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  });
}
