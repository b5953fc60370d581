import { UnitOfWork } from '@nexos/database';
import { quotaPeriod } from '@nexos/domain';
import { BuildUsageRepository, type DayRange } from '@nexos/state';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { refused } from '../http/problems/api-error.js';
import { DailyUsageResponse, toDailyUsageResponse } from './daily-usage.response.js';
import { cursorOf, placeOf, QuotaUsageQuery } from './dto/quota-usage-query.dto.js';

@Controller('quota/usage')
@Authenticated('read')
@WritesNothing()
export class QuotaUsageController {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly usage: BuildUsageRepository,
  ) {}

  @Get()
  @Operation({
    summary: 'List the daily usage of each project',
    description:
      'Oldest first, for about 13 months. Has an entry for each day and project with a build. A build that runs past midnight ' +
      'counts on both days with its seconds of each.',
    response: DailyUsageResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: QuotaUsageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DailyUsageResponse[]> {
    const after = placeOf(query.cursor);
    const rows = await this.usage.daily(accountId, await this.rangeOf(query), { limit: query.limit, after });
    const identified = rows.map((row) => ({ ...row, id: cursorOf(row) }));
    return finishPage(identified, query, request, reply).map(toDailyUsageResponse);
  }

  /** @throws {ApiError} validation, when the last day is before the first one */
  private async rangeOf({ from, to }: QuotaUsageQuery): Promise<DayRange> {
    const now = await this.unitOfWork.now();
    const range = { from: from ?? dayOf(quotaPeriod(now).start), to: to ?? dayOf(now) };
    if (range.to < range.from) throw refused([{ field: 'to', message: 'must not be before from' }]);
    return range;
  }
}

/** Returns the day of a time in UTC. */
function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
