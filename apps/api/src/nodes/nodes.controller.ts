import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { PageOf, finishPage } from '../http/page.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { RemoveNodeQuery } from './dto/remove-node-query.dto.js';
import { JoinTokenResponse, NodeResponse, toNodeResponse } from './node.response.js';
import { NodesService } from './nodes.service.js';

class NodesPage extends PageOf('node') {}

@Controller('nodes')
@Authenticated('read')
@WritesNothing()
export class NodesController {
  constructor(private readonly nodes: NodesService) {}

  @Get()
  @Operation({
    summary: 'List registered nodes',
    description: 'For operators; other accounts get an empty list.',
    response: NodeResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: NodesPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NodeResponse[]> {
    const rows = await this.nodes.list(accountId, query);
    return finishPage(rows, query, request, reply).map(toNodeResponse);
  }

  @Post('join-token')
  @Authenticated('admin')
  @Writes('join_token.read')
  @Operation({
    summary: 'Generate a node join token',
    description:
      'For operators. Keep the token secret: anyone who has it can add a node. While the Swarm advertises a loopback address, no other machine can join, and the answer is 409.',
    response: JoinTokenResponse,
    errors: ['forbidden', 'conflict'],
  })
  joinToken(@AccountId() accountId: string): Promise<JoinTokenResponse> {
    return this.nodes.joinToken(accountId);
  }

  @Get(':id')
  @Operation({ summary: 'Get node details and status', response: NodeResponse })
  async get(@AccountId() accountId: string, @Param('id') id: string): Promise<NodeResponse> {
    return toNodeResponse(await this.nodes.view(accountId, id));
  }

  @Delete(':id')
  @Authenticated('admin')
  @Writes('node.remove')
  @HttpCode(202)
  @Operation({
    summary: 'Remove a node from the network',
    description:
      'For operators. Answers 409 if the data of a service or the only copy of an image is on the node, unless `force` is true; `subjects` lists the projects and environments. The node then takes no new work and its status is `removing`, while its environments are moved to other nodes one by one. `removal` says what it waits for.',
    response: NodeResponse,
    errors: ['conflict'],
  })
  async remove(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() { force }: RemoveNodeQuery,
  ): Promise<NodeResponse> {
    return toNodeResponse(await this.nodes.remove(accountId, id, force === 'true'));
  }

  @Post(':id/undrain')
  @Authenticated('admin')
  @Writes('node.undrain')
  @HttpCode(200)
  @Operation({
    summary: 'Cancel the removal of a node',
    description:
      'For operators. The node takes new work again; environments that were moved stay where they are. Answers 409 once the node has left the network.',
    response: NodeResponse,
    errors: ['conflict'],
  })
  async undrain(@AccountId() accountId: string, @Param('id') id: string): Promise<NodeResponse> {
    return toNodeResponse(await this.nodes.undrain(accountId, id));
  }
}
