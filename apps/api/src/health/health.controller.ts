import { Health, type HealthReport, Metrics } from '@nexos/observability';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Public } from '../auth/access.decorator.js';
import { Undocumented } from '../http/openapi/operation.decorator.js';

/** Health checks and metrics for load balancers and supervisors. Reveals nothing else. */
@Controller()
@Public()
@WritesNothing()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Undocumented()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Undocumented()
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.health.report();
    void reply.status(report.status === 'ok' ? 200 : 503);
    return report;
  }

  @Get('metrics')
  @Undocumented()
  async figures(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.metrics.contentType);
    return this.metrics.text();
  }
}
