import { withRequestOrigin } from '@nexos/state';
import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestOrigins } from '../../audit/request-origins.js';
import { ApiError } from '../../http/problems/api-error.js';
import { FailedAttempts } from '../failed-attempts.js';
import { SignInStates } from './sign-in-states.js';
import { SignInAvailability } from './sign-in-availability.js';

/** Allows each sign-in to be completed once, regardless of the result, and blocks clients that fail repeatedly. */
@Injectable()
export class GithubCallbackGuard extends AuthGuard('github') {
  constructor(
    private readonly availability: SignInAvailability,
    private readonly states: SignInStates,
    private readonly failures: FailedAttempts,
    private readonly origins: RequestOrigins,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.availability.assertConfigured();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    this.failures.refuseBlocked(request, reply);
    void reply.header('set-cookie', this.states.end());
    try {
      // The sign-in happens here, before any interceptor.
      const isDone = await withRequestOrigin(this.origins.of(context), () => super.canActivate(context));
      return isDone === true;
    } catch (error) {
      const isClientError = error instanceof ApiError && error.status < 500;
      if (isClientError) await this.failures.count(request, reply);
      throw error;
    }
  }
}
