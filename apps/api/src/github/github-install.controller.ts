import { SignInConfig } from '@nexos/config';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated, Public } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { dashboardPath } from '../auth/sign-in/dashboard-path.js';
import { SignInQuery } from '../auth/sign-in/dto/sign-in-query.dto.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { InstalledQuery } from './dto/installed-query.dto.js';
import { GithubAvailability } from './github-availability.js';
import { InstallStates } from './install-states.js';
import { InstalledResponse, toInstalledResponse } from './installed.response.js';

/**
 * Sends browsers to GitHub to install the App, and receives them afterwards. A return links nothing to an account:
 * anyone can make one up. GitHub itself says who may use the installation, in its `installation`
 * event and at the next sign-in.
 */
@Controller('github/install')
@WritesNothing()
export class GithubInstallController {
  constructor(
    private readonly config: SignInConfig,
    private readonly availability: GithubAvailability,
    private readonly states: InstallStates,
  ) {}

  @Get()
  @Authenticated('read')
  @Operation({
    summary: 'Redirect to the installation page of the GitHub App',
    description:
      'For a browser with a session; an API key works too. A browser gets errors as a page: without a session, it says where to sign in. 404 without a GitHub App.',
    isOpenedByBrowsers: true,
    status: 302,
    success: 'Redirect to GitHub',
    errors: ['not-found'],
    answersHeaders: {
      Location: {
        description: 'The installation page on GitHub.',
        example: 'https://github.com/apps/nexos/installations/new?state=…',
      },
      'Set-Cookie': { description: 'The pending installation.', example: 'nexos_install=…' },
    },
  })
  async begin(
    @AccountId() accountId: string,
    @Query() { return_to: returnTo }: SignInQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.availability.assertConfigured();
    const page = await this.availability.ask(accountId, (github, signal) => github.installPage(signal));
    const { state, cookie } = this.states.begin(returnTo === undefined ? {} : { returnTo });
    const target = new URL(page);
    target.searchParams.set('state', state);
    await reply.header('set-cookie', cookie).header('cache-control', 'no-store').redirect(target.href, 302);
  }

  @Get('callback')
  @Public()
  @Operation({
    summary: 'Receive a browser after the installation of the GitHub App',
    description: 'The setup URL of the App. Links nothing: GitHub itself tells who can use the installation.',
    success: 'What happened, in an installation without a dashboard.',
    response: InstalledResponse,
    orRedirects: 'The dashboard, with `setup_action` in the query.',
  })
  async finish(
    @Query() { state, setup_action: action }: InstalledQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const begun = state === undefined ? null : this.states.resume(request, state);
    void reply.header('set-cookie', this.states.end()).header('cache-control', 'no-store');
    const { dashboardUrl } = this.config;
    if (dashboardUrl === undefined) {
      await reply.send(toInstalledResponse(action));
      return;
    }
    const target = new URL(dashboardPath(dashboardUrl, begun?.returnTo));
    target.searchParams.set('setup_action', action);
    await reply.redirect(target.href, 302);
  }
}
