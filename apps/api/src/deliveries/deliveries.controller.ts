import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
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

/** Shows all webhook deliveries to operators. */
@Controller('webhooks/deliveries')
@Authenticated('read')
@WritesNothing()
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveriesService,
    private readonly waits: StatusWaits,
  ) {}

  @Get()
  @Operation({
    summary: 'List webhook deliveries',
    description: 'Newest first, for the last 30 days. For operators; other accounts get an empty list.',
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
      'For operators. With `wait`, responds as soon as the delivery is processed, or after that many seconds.',
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
  @Writes('delivery.replay')
  @HttpCode(202)
  @Operation({
    summary: 'Replay a webhook delivery',
    description:
      'Processes a delivery of the last 7 days again. For operators. A push that is older than the known state of its ' +
      'branch still deploys nothing, unless `force` is true.',
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
