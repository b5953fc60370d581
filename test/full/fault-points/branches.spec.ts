import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('a lifecycle worker that dies', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set(inject('system'));
  });
  afterAll(() => stage.nexos.stop());

  it.each(casesOf('branches'))('in %s at %s is followed by one that comes to the same end', (action, point) =>
    stage.dies(action, point),
  );

  it('after on_new, and is followed by one that is to start another version, has it run once', async () => {
    const { nexos } = stage;
    const subject = stage.newBranch();
    const pushAnother = async () => {
      await subject.push();
      await eventually('the next version to be built', async () => {
        const { latest_deployment_id: id } = await nexos.api.get<Environment>(`/environments/${subject.id}`);
        return (await nexos.api.deployment(id ?? '')).status === 'deploying' ? true : undefined;
      });
    };
    await stage.withDoomedWorker('rollout.on_new-ended', () => subject.push(), pushAnother);
    expect(subject.database.hooks).toEqual(['deploy', 'new', 'deploy']);
    await stage.goesLive(subject);
  });
});
