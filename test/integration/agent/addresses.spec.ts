import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@nexos/domain';
import { eventually } from '../../support/eventually.js';
import { BASE_IMAGE, FOREIGN_LABEL, INSTANCE } from '../engine/engine-fixture.js';
import { targetOf } from '../ingress/ingress-fixture.js';
import { visit } from '../ingress/visitor.js';
import { AgentStage } from './agent-stage.js';

const HOST = 'main-shop.test';
let stage: AgentStage;

beforeAll(async () => {
  stage = await AgentStage.start();
});
beforeEach(() => stage.begin());
afterEach(() => stage.end());
afterAll(() => stage.stop());

/** Costs about 15 s. */
describe('the address map', () => {
  it('follows containers that start and end', async () => {
    await stage.startAgent();
    const a = await stage.startTask('svc-a');
    const b = await stage.startTask('svc-b');
    await stage.untilMapIs({ 'svc-a': a, 'svc-b': b });
    await a.kill();
    await stage.untilMapIs({ 'svc-b': b });
  });

  it('has the address of the newest container of a service when the end of an older one is told late', async () => {
    await stage.startAgent();
    const old = await stage.startTask('svc-a');
    const next = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': next });
    await old.kill();
    const other = await stage.startTask('svc-b');
    await stage.untilMapIs({ 'svc-a': next, 'svc-b': other });
  });

  it('has the address of the newest container of a service when the agent starts while an older one is stopping', async () => {
    await stage.startTask('svc-a');
    const next = await stage.startTask('svc-a');
    await stage.startAgent();
    await stage.untilMapIs({ 'svc-a': next });
    const other = await stage.startTask('svc-b');
    await stage.untilMapIs({ 'svc-a': next, 'svc-b': other });
  });

  it('is filled again when HAProxy has restarted, and until then visitors are told to come back', async () => {
    const { ingress } = stage;
    await stage.startAgent();
    const a = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': a });
    await stage.stopAgent();
    const before = await ingress.untilUp();
    await ingress.container.restart({ t: 0 });
    await eventually('HAProxy has restarted', async () => (await ingress.untilUp()) !== before || undefined);
    await ingress.map.replaceAll(new Map([[HOST, targetOf('svc-a')]]));
    const { status, headers } = await visit({ port: ingress.port, host: HOST });
    expect({ status, retry: headers['retry-after'] }).toEqual({ status: 503, retry: '1' });
    await stage.startAgent();
    await stage.untilMapIs({ 'svc-a': a });
  });

  it('loses what ended, and gets what started, while no agent ran', async () => {
    await stage.startAgent();
    const a = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': a });
    await stage.stopAgent();
    await a.kill();
    const b = await stage.startTask('svc-b');
    await stage.startAgent();
    await stage.untilMapIs({ 'svc-b': b });
  });

  it('ignores containers of other installations, and those that do not belong on the bridge', async () => {
    await stage.startAgent();
    const foreign = await stage.docker.createContainer({
      name: `svc-x.1.${newId('deployment').slice(4)}`,
      Image: BASE_IMAGE,
      Cmd: ['sleep', '60'],
      Labels: {
        [FOREIGN_LABEL]: INSTANCE,
        'dev.nexos.instance': `${INSTANCE}x`,
        'dev.nexos.project': stage.projectId,
        'dev.nexos.bridge': 'true',
      },
      HostConfig: { Init: true, NetworkMode: stage.bridge },
    });
    await foreign.start();
    const without = await stage.startTask('svc-y', { labels: {} });
    const other = await stage.startTask('svc-z', { labels: { 'dev.nexos.bridge': 'false' } });
    const a = await stage.startTask('svc-a');
    await stage.untilMapIs({ 'svc-a': a });
    expect([await stage.addressOf(without), await stage.addressOf(other)]).toEqual([undefined, undefined]);
  });
});
