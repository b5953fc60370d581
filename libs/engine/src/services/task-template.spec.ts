import { describe, expect, it } from 'vitest';
import { taskTemplate } from './task-template.js';

const SPEC = { image: `sha256:${'0'.repeat(64)}`, env: {}, cpu: 1, memoryMb: 64, stopGraceSeconds: 10 };
const CONTEXT = { labels: {}, overlay: 'overlay', place: { isOnBridge: false }, restart: {} };

describe('taskTemplate', () => {
  it("disables the image's HEALTHCHECK", () => {
    const { ContainerSpec: container } = taskTemplate(SPEC, CONTEXT);
    expect(container?.HealthCheck).toEqual({ Test: ['NONE'] });
  });

  it("makes the engine's init process 1, unless the image's own must be", () => {
    expect(taskTemplate(SPEC, CONTEXT).ContainerSpec?.Init).toBe(true);
    expect(taskTemplate({ ...SPEC, init: false }, CONTEXT).ContainerSpec?.Init).toBe(false);
  });

  it('reserves no less than Swarm accepts for a small app on an overcommitted machine', () => {
    const spec = { ...SPEC, cpu: 0.05 };
    const { Resources } = taskTemplate(spec, {
      ...CONTEXT,
      reserved: { cpu: spec.cpu / 64, memoryMb: 64 },
    });
    expect(Resources?.Limits?.NanoCPUs).toBe(50_000_000);
    expect(Resources?.Reservations?.NanoCPUs).toBe(1_000_000);
  });
});
