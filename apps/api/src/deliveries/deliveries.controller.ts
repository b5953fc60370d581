import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import type { Principal } from '../auth/principal.js';
import { finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { StatusWaits } from '../logs/status-waits.js';
import { WaitQuery } from '../logs/wait-query.dto.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryResponse, toDeliveryResponse } from './delivery.response.js';
import { DeliveriesQuery } from './dto/deliveries-query.dto.js';
import { ReplayDeliveryDto } from './dto/replay-delivery.dto.js';

/** All webhook deliveries, for operators. */
@Controller('webhooks/deliveries')
@Authenticated('read')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly waits: StatusWaits,
  ) {}

  @Get()
  @Operation({
    summary: 'List webhook deliveries',
    description: 'For operators; the list of anybody else is empty. The newest first, of the last 30 days.',
    response: DeliveryResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: DeliveriesQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeliveryResponse[]> {
    const rows = await this.deliveries.list(accountId, query);
    return finishPage(rows, query, request, reply).map(toDeliveryResponse);
  }

  @Get(':id')
  @Operation({
    summary: 'Get a webhook delivery',
    description:
      'For operators. With `wait` it answers as soon as the delivery is processed, or after so many seconds.',
    response: DeliveryResponse,
  })
  async get(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() { wait }: WaitQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeliveryResponse> {
    const look = async () => {
      const delivery = await this.deliveries.get(accountId, id);
      return { id, status: delivery.outcome, delivery };
    };
    const present = await look();
    const isOver = present.status !== 'accepted';
    const { delivery } = await this.waits.wait({ accountId, present, isOver, again: look }, wait, reply);
    return delivery;
  }

  @Post(':id/replay')
  @Authenticated('admin')
  @HttpCode(202)
  @Operation({
    summary: 'Process a webhook delivery once more',
    description:
      'For operators, within 7 days. A push that is older than what is known of its branch still deploys nothing, ' +
      'unless `force` is true.',
    response: DeliveryResponse,
    errors: ['conflict'],
  })
  replay(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body() { force }: ReplayDeliveryDto,
  ): Promise<DeliveryResponse> {
    return this.deliveries.replay(caller, id, force);
  }
}
