import { LABELS, sharedVolumeName } from '@nexos/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  type EngineFixture,
  engineFixture,
  INSTANCE,
  rawEngine,
  removeLeftovers,
} from './engine-fixture.js';

const MIB = 1024 * 1024;
const docker = rawEngine();
let fixture: EngineFixture;
beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
});
afterAll(async () => {
  await removeLeftovers();
  await fixture.close();
});

it('the engine measures the volumes of services, and no others, also for several at once', async () => {
  const projectId = 'proj_01k00000000000000000000000';
  const labels = { [LABELS.instance]: INSTANCE, [LABELS.project]: projectId, [LABELS.service]: 'redis' };
  const name = sharedVolumeName(INSTANCE, projectId, 'redis', 'a1b2c3d4');
  await docker.createVolume({ Name: name, Labels: labels });
  await docker.createVolume({ Name: `${name}-other`, Labels: { [LABELS.instance]: INSTANCE } });
  const options = { Labels: { [LABELS.instance]: INSTANCE }, HostConfig: { Binds: [`${name}:/data`] } };
  const container = await docker.createContainer({
    Image: BASE_IMAGE,
    Cmd: ['dd', 'if=/dev/zero', 'of=/data/file', 'bs=1M', 'count=3'],
    ...options,
  });
  await container.start();
  await container.wait();
  // The engine refuses all but the first of them at a time.
  const { signal } = new AbortController();
  const all = await Promise.all(Array.from({ length: 8 }, () => fixture.volumes.measureShared(signal)));
  const [measured = []] = all;
  expect(all).toEqual(all.map(() => measured));
  expect(measured).toEqual([
    { name, projectId, kind: 'redis', suffix: 'a1b2c3d4', bytes: expect.any(Number) as number },
  ]);
  expect(measured[0]?.bytes).toBeGreaterThanOrEqual(3 * MIB);
  expect(measured[0]?.bytes).toBeLessThan(4 * MIB);
});
