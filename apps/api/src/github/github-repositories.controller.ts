import { RepositoryAccessRepository } from '@nexos/state';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { linkToNext } from '../http/page.js';
import { ConnectableRepositories } from './connectable-repositories.js';
import { RepositoriesQuery } from './dto/repositories-query.dto.js';
import { GithubAvailability } from './github-availability.js';
import { RepositoryResponse, toRepositoryResponse } from './repository.response.js';

/** Shows which repositories can be connected to a project. */
@Controller('github/repositories')
@Authenticated('read')
@WritesNothing()
export class GithubRepositoriesController {
  constructor(
    private readonly availability: GithubAvailability,
    private readonly repositories: ConnectableRepositories,
    private readonly access: RepositoryAccessRepository,
  ) {}

  @Get()
  @Operation({
    summary: 'List the repositories that the account can connect',
    description:
      'Newest first: those of its active installations that its GitHub user can read, or if they are public, write to. GitHub is asked again after ten minutes, about a limited number of repositories per request. So a page can be shorter than `limit`, or empty, while there is a next one. 404 without a GitHub App.',
    response: RepositoryResponse,
    isArray: true,
    paged: true,
    errors: ['not-found'],
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: RepositoriesQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RepositoryResponse[]> {
    await this.availability.assertConfigured();
    const { rows, cursor } = await this.repositories.page(accountId, query);
    if (cursor !== null) linkToNext(cursor, query.limit, request, reply);
    const uses = await this.access.usesOf(accountId, rows);
    return rows.map((row) => toRepositoryResponse(row, uses));
  }
}
