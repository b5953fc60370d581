import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { PageQuery, finishPage } from '../http/page.js';
import { toNodeResponse, type JoinTokenResponse, type NodeResponse } from './node.response.js';
import { NodesService } from './nodes.service.js';

@Controller('nodes')
@Authenticated('read')
export class NodesController {
  constructor(private readonly nodes: NodesService) {}

  @Get()
  async list(
    @AccountId() accountId: string,
    @Query() query: PageQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NodeResponse[]> {
    const rows = await this.nodes.list(accountId, query);
    return finishPage(rows, query, request, reply).map(toNodeResponse);
  }

  @Post('join-token')
  @Authenticated('admin')
  joinToken(@AccountId() accountId: string): Promise<JoinTokenResponse> {
    return this.nodes.joinToken(accountId);
  }

  @Get(':id')
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<NodeResponse> {
    return toNodeResponse(await this.nodes.get(accountId, id));
  }

  /** It is drained first; it reads `removing` until it is gone. */
  @Delete(':id')
  @Authenticated('admin')
  @HttpCode(202)
  async remove(@AccountId() accountId: string, @Param('id') id: string): Promise<NodeResponse> {
    return toNodeResponse(await this.nodes.remove(accountId, id));
  }
}
