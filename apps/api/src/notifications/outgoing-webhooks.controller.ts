import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage, PageOf } from '../http/page.js';
import { CreateWebhookDto } from './dto/create-webhook.dto.js';
import { UpdateWebhookDto } from './dto/update-webhook.dto.js';
import { OutgoingWebhooksService } from './outgoing-webhooks.service.js';
import { toWebhookMessageResponse, WebhookMessageResponse } from './webhook-message.response.js';
import {
  CreatedWebhookResponse,
  toCreatedWebhookResponse,
  toWebhookResponse,
  WebhookResponse,
} from './webhook.response.js';

class WebhooksPage extends PageOf('webhook') {}
class WebhookMessagesPage extends PageOf('message') {}

/** Manages the webhooks of an account, and each webhook or channel of its projects. */
@Controller('webhooks')
@Authenticated('read')
@WritesNothing()
export class OutgoingWebhooksController {
  constructor(private readonly webhooks: OutgoingWebhooksService) {}

  @Get()
  @Operation({
    summary: 'List the webhooks of the account',
    description: 'Newest first; without those of single projects.',
    response: WebhookResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: WebhooksPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookResponse[]> {
    const rows = await this.webhooks.list({ accountId, projectId: null }, query);
    return finishPage(rows, query, request, reply).map(toWebhookResponse);
  }

  @Post()
  @Authenticated('write')
  @Writes('webhook.create')
  @Operation({
    summary: 'Create a webhook of the account',
    description:
      'It gets a signed message for each of the events that happens from now on in any project. The plan says how many an account can have, at most 20.',
    response: CreatedWebhookResponse,
    errors: ['conflict', 'quota-exceeded'],
  })
  async create(
    @AccountId() accountId: string,
    @Body() body: CreateWebhookDto,
  ): Promise<CreatedWebhookResponse> {
    const { webhook, secret } = await this.webhooks.createWebhook({ accountId, projectId: null }, body);
    return toCreatedWebhookResponse(webhook, secret);
  }

  @Get(':id')
  @Operation({ summary: 'Get a webhook', response: WebhookResponse })
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.get(accountId, id));
  }

  @Patch(':id')
  @Authenticated('write')
  @Writes('webhook.update')
  @Operation({
    summary: 'Change a webhook',
    description:
      'Enables a webhook that was disabled, too. Messages that wait are sent at once, to the new address if it changed.',
    response: WebhookResponse,
    errors: ['conflict'],
  })
  async update(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() body: UpdateWebhookDto,
  ): Promise<WebhookResponse> {
    return toWebhookResponse(await this.webhooks.update(accountId, id, body));
  }

  @Delete(':id')
  @Authenticated('write')
  @Writes('webhook.delete')
  @HttpCode(204)
  @Operation({ summary: 'Delete a webhook', success: 'The webhook and its deliveries are deleted.' })
  delete(@AccountId() accountId: string, @Param('id') id: string): Promise<void> {
    return this.webhooks.delete(accountId, id);
  }

  @Post(':id/test')
  @Authenticated('write')
  @Writes('webhook.test')
  @HttpCode(202)
  @Operation({
    summary: 'Send a test message to a webhook',
    description:
      'It has the type `test` and is sent once. The list of deliveries shows what the receiver answered.',
    response: WebhookMessageResponse,
    errors: ['conflict'],
  })
  async test(@AccountId() accountId: string, @Param('id') id: string): Promise<WebhookMessageResponse> {
    return toWebhookMessageResponse(await this.webhooks.test(accountId, id));
  }

  @Get(':id/deliveries')
  @Operation({
    summary: 'List the deliveries of a webhook',
    description: 'The messages that were sent or wait, newest first, for the last 30 days.',
    response: WebhookMessageResponse,
    isArray: true,
    paged: true,
  })
  async deliveries(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: WebhookMessagesPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookMessageResponse[]> {
    const rows = await this.webhooks.listMessages(accountId, id, query);
    return finishPage(rows, query, request, reply).map(toWebhookMessageResponse);
  }

  @Post(':id/deliveries/:deliveryId/replay')
  @Authenticated('write')
  @Writes('webhook.replay')
  @HttpCode(202)
  @Operation({
    summary: 'Send a delivery of a webhook again',
    description:
      'With the same `webhook-id` and content, whether it was accepted or not. It is retried for another day.',
    response: WebhookMessageResponse,
    errors: ['conflict'],
  })
  async replay(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Param('deliveryId') deliveryId: string,
  ): Promise<WebhookMessageResponse> {
    return toWebhookMessageResponse(await this.webhooks.replay(accountId, id, deliveryId));
  }
}
