import { Metrics } from '@nexos/observability';
import type { DeliveriesRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeliveryBacklogGauges } from './delivery-backlog-gauges.js';

async function figures(backlog: () => Promise<object>): Promise<string> {
  const metrics = new Metrics();
  new DeliveryBacklogGauges({ backlog } as unknown as DeliveriesRepository, metrics);
  return metrics.text();
}

describe('the gauges of deliveries', () => {
  beforeAll(() => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it('tell how many wait, and for how long', async () => {
    const text = await figures(() => Promise.resolve({ waiting: 3, oldestSeconds: 7.5 }));
    expect(text).toMatch(/^nexos_waiting_deliveries 3$/m);
    expect(text).toMatch(/^nexos_oldest_waiting_delivery_seconds 7.5$/m);
  });

  it('do not keep the other figures back while Postgres is away', async () => {
    const text = await figures(() => Promise.reject(new Error('away')));
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toMatch(/^nexos_waiting_deliveries [1-9]/m);
  });
});
