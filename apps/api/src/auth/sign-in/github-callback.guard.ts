import { Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
      return (await super.canActivate(context)) === true;
    } catch (error) {
      const isClientError = error instanceof ApiError && error.status < 500;
      if (isClientError) await this.failures.count(request, reply);
      throw error;
    }
  }
}
