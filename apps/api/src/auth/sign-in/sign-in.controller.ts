import { GithubOAuth } from '@nexos/github';
import { Controller, Get, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../../audit/writes.decorator.js';
import { Operation } from '../../http/openapi/operation.decorator.js';
import { Public } from '../access.decorator.js';
import { SignInQuery } from './dto/sign-in-query.dto.js';
import { GithubCallbackGuard } from './github-callback.guard.js';
import type { SignedIn } from './github.strategy.js';
import { SignInAvailability } from './sign-in-availability.js';
import { SignInStates } from './sign-in-states.js';
import { SignInService } from './sign-in.service.js';

/** Signs browsers in through GitHub. */
@Controller('auth/github')
@Public()
@WritesNothing()
export class SignInController {
  constructor(
    private readonly github: GithubOAuth,
    private readonly availability: SignInAvailability,
    private readonly states: SignInStates,
    private readonly signIns: SignInService,
  ) {}

  @Get()
  @Operation({
    summary: 'Redirect to GitHub OAuth flow',
    status: 302,
    success: 'Redirect to GitHub',
    errors: ['not-found'],
    answersHeaders: {
      Location: {
        description: 'The authorization page on GitHub.',
        example: 'https://github.com/login/oauth/authorize?…',
      },
      'Set-Cookie': { description: 'The pending sign-in.', example: 'nexos_sign_in=…' },
    },
  })
  async begin(@Query() query: SignInQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.availability.assertConfigured();
    const { state, codeChallenge, cookie } = this.states.begin(query.return_to);
    const { redirectUri } = this.signIns;
    await reply
      .header('set-cookie', cookie)
      .header('cache-control', 'no-store')
      .redirect(await this.github.authorizeUrl({ state, codeChallenge, redirectUri }), 302);
  }

  @Get('callback')
  @Writes('session.create', 'installation.link', 'installation.unlink')
  @UseGuards(GithubCallbackGuard)
  @Operation({
    summary: 'Handle GitHub OAuth callback',
    status: 302,
    success: 'Signed in',
    errors: ['unauthenticated', 'forbidden', 'not-found', 'too-many-requests'],
    answersHeaders: {
      Location: {
        description: 'The dashboard, or `/api/auth/me` in an installation without a dashboard.',
        example: '/api/auth/me',
      },
      'Set-Cookie': { description: 'The session.', example: 'nexos_session=…; HttpOnly; SameSite=Lax' },
    },
  })
  async finish(
    @Req() request: FastifyRequest & { user: SignedIn },
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { cookie, returnTo } = request.user;
    await reply
      .header('set-cookie', cookie)
      .header('cache-control', 'no-store')
      .redirect(this.signIns.destination(returnTo), 302);
  }
}
