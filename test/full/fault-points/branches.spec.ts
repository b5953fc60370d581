import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('the lifecycle worker', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(inject('system'));
  });
  afterAll(() => stage.stop());

  it.each(casesOf('branches'))('completes %s after a crash at %s', (action, point) =>
    stage.recovers(action, point),
  );

  it('runs on_new once when it crashes afterwards and another version is pushed meanwhile', async () => {
    const { nexos } = stage;
    const subject = stage.newBranch();
    const pushAnother = async () => {
      await subject.push();
      await eventually('the next version to be built', async () => {
        const { latest_deployment_id: id } = await nexos.api.get<Environment>(`/environments/${subject.id}`);
        return (await nexos.api.deployment(id ?? '')).status === 'deploying' ? true : undefined;
      });
    };
    await stage.withCrashingWorker('rollout.on_new-ended', () => subject.push(), pushAnother);
    expect(subject.database.hooks).toEqual(['deploy', 'new', 'deploy']);
    await stage.goesLive(subject);
  });
});
