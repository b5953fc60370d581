import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage, PageOf } from '../http/page.js';
import { CreateChannelDto } from './dto/create-channel.dto.js';
import { CreateWebhookDto } from './dto/create-webhook.dto.js';
import { OutgoingWebhooksService } from './outgoing-webhooks.service.js';
import {
  CreatedWebhookResponse,
  toCreatedWebhookResponse,
  toWebhookResponse,
  WebhookResponse,
} from './webhook.response.js';

class ProjectWebhooksPage extends PageOf('webhook') {}

/** Creates and lists the webhooks and channels of a project. */
@Controller('projects/:id')
@Authenticated('read')
@WritesNothing()
export class ProjectWebhooksController {
  constructor(private readonly webhooks: OutgoingWebhooksService) {}

  @Get('webhooks')
  @Operation({
    summary: 'List the webhooks of a project',
    description: 'Newest first, with its channels (`POST /projects/{id}/slack`).',
    response: WebhookResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') projectId: string,
    @Query() query: ProjectWebhooksPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse[]> {
    const rows = await this.webhooks.list({ accountId, projectId }, query);
    return finishPage(rows, query, request, reply).map(toWebhookResponse);
  }

  @Post('webhooks')
  @Authenticated('write')
  @Writes('webhook.create')
  @Operation({
    summary: 'Create a webhook of a project',
    description:
      'It gets a signed message for each of the events that happens from now on. The plan says how many webhooks and channels a project can have, at most 20.',
    response: CreatedWebhookResponse,
    errors: ['conflict', 'quota-exceeded'],
  })
  async create(
    @AccountId() accountId: string,
    @Param('id') projectId: string,
    @Body() body: CreateWebhookDto,
  ): Promise<CreatedWebhookResponse> {
    const { webhook, secret } = await this.webhooks.createWebhook({ accountId, projectId }, body);
    return toCreatedWebhookResponse(webhook, secret);
  }

  @Post('slack')
  @Authenticated('write')
  @Writes('webhook.create')
  @Operation({
    summary: 'Send messages to a channel of Slack or Discord',
    description:
      'The address is that of an incoming webhook of the channel. `/webhooks/{id}` shows, changes, tests and deletes it.',
    response: WebhookResponse,
    errors: ['conflict', 'quota-exceeded'],
  })
  async createChannel(
    @AccountId() accountId: string,
    @Param('id') projectId: string,
    @Body() body: CreateChannelDto,
  ): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.createChannel({ accountId, projectId }, body));
  }
}
