import { Controller, Get, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Undocumented } from '../http/openapi/operation.decorator.js';
import { BOARD_PATH } from './basic-authentication.js';
import { BOARD_POLICY } from './board-files.js';
import type { BoardRequest } from './board-routes.js';
import { type BoardAnswer, QueueBoardService } from './queue-board.service.js';

/** The board of all queues, for operators: a page, its files and its own API, none of which is part of the public API. */
@Controller('ops/queues')
@Authenticated('admin')
@WritesNothing()
export class QueueBoardController {
  constructor(private readonly board: QueueBoardService) {}

  @Get(['', '*'])
  @Undocumented()
  async read(
    @AccountId() callerId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await send(reply, await this.board.read(callerId, boardRequest(request)));
  }

  @Put('*')
  @Writes('queue.pause', 'queue.resume', 'queue.retry', 'queue.promote', 'queue.discard')
  @Undocumented()
  async change(
    @AccountId() callerId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { origin } = request.headers;
    await send(reply, await this.board.change(callerId, boardRequest(request), origin));
  }
}

function boardRequest(request: FastifyRequest): BoardRequest {
  const path = (request.url.split('?', 1)[0] ?? '').slice(BOARD_PATH.length);
  return {
    method: request.method === 'HEAD' ? 'GET' : request.method,
    path: path === '' ? '/' : decodeURIComponent(path),
    query: request.query as Record<string, string>,
  };
}

async function send(reply: FastifyReply, { status, type, content, isStatic }: BoardAnswer): Promise<void> {
  void reply.status(status).header('content-security-policy', BOARD_POLICY).type(type);
  if (isStatic === true) void reply.header('cache-control', 'private, max-age=3600');
  await reply.send(content);
}
