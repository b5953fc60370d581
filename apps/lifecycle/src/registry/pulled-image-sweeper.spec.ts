import { WorkerConfig } from '@nexos/config';
import {
  type DeploymentServices,
  EngineUnavailableError,
  type Images,
  type PulledImage,
} from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { PulledImageSweeper } from './pulled-image-sweeper.js';

const NOW = Date.parse('2026-12-01T12:00:00Z');

function pulled(id: string, minutesAgo: number): PulledImage {
  const createdAt = new Date(NOW - minutesAgo * 60_000);
  return { id, references: [`127.0.0.1:5800/nexos/proj_1/env_1@sha256:${id}`], createdAt };
}

describe('PulledImageSweeper', () => {
  it('removes settled images that no service runs, and goes on after a failure', async () => {
    const asked: string[] = [];
    const images = {
      listPulled: () =>
        Promise.resolve([pulled('used', 90), pulled('new', 10), pulled('broken', 90), pulled('old', 90)]),
      remove: (id: string) => {
        asked.push(id);
        if (id === 'broken') return Promise.reject(new EngineUnavailableError('away'));
        return Promise.resolve('removed');
      },
    } as unknown as Images;
    const services = {
      listAll: () => Promise.resolve([{ image: pulled('used', 90).references[0] }]),
    } as unknown as DeploymentServices;
    await new PulledImageSweeper(images, services, new WorkerConfig()).run(NOW);
    expect(asked).toEqual(['broken', 'old']);
  });
});
