import { GithubConfig } from '@nexos/config';
import { AccountInstallationsRepository, AccountsRepository } from '@nexos/state';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage } from '../http/page.js';
import { InstallationsQuery } from './dto/installations-query.dto.js';
import { GithubAvailability } from './github-availability.js';
import { InstallationResponse, toInstallationResponse } from './installation.response.js';

/** Shows where the GitHub App is installed. */
@Controller('github/installations')
@Authenticated('read')
@WritesNothing()
export class GithubInstallationsController {
  constructor(
    private readonly config: GithubConfig,
    private readonly availability: GithubAvailability,
    private readonly accounts: AccountsRepository,
    private readonly installations: AccountInstallationsRepository,
  ) {}

  @Get()
  @Operation({
    summary: 'List the installations of the GitHub App that the account can use',
    description:
      "Newest first: its own, those that GitHub listed when its user signed in, and those that the user has made since. An operator's account that was made on the command line gets all of them. 404 without a GitHub App.",
    response: InstallationResponse,
    isArray: true,
    paged: true,
    errors: ['not-found'],
  })
  async list(
    @AccountId() accountId: string,
    @Query() query: InstallationsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InstallationResponse[]> {
    await this.availability.assertConfigured();
    const account = await this.accounts.get(accountId);
    const { limit, cursor = null } = query;
    const rows = await this.installations.page(account, { limit, before: cursor });
    return finishPage(rows, query, request, reply).map((row) => toInstallationResponse(row, this.config.url));
  }
}
