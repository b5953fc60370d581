import { Metrics } from '@nexos/observability';
import type { DeliveriesRepository } from '@nexos/state';
import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeliveryBacklogGauges } from './delivery-backlog-gauges.js';

async function metricsText(backlog: () => Promise<object>): Promise<string> {
  const metrics = new Metrics();
  new DeliveryBacklogGauges({ backlog } as unknown as DeliveriesRepository, metrics);
  return metrics.text();
}

describe('DeliveryBacklogGauges', () => {
  beforeAll(() => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  it('reports how many deliveries wait and how long the oldest has waited', async () => {
    const text = await metricsText(() => Promise.resolve({ waiting: 3, oldestSeconds: 7.5 }));
    expect(text).toMatch(/^nexos_waiting_deliveries 3$/m);
    expect(text).toMatch(/^nexos_oldest_waiting_delivery_seconds 7.5$/m);
  });

  it('leaves the other metrics readable while Postgres is unreachable', async () => {
    const text = await metricsText(() => Promise.reject(new Error('unreachable')));
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toMatch(/^nexos_waiting_deliveries [1-9]/m);
  });
});
