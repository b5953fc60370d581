import { GithubOAuth, GithubUnavailableError, SignInRefusedError } from '@nexos/github';
import { Injectable, Logger } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport';
import { ApiError, refused } from '../../http/problems/api-error.js';
import { SignInService } from './sign-in.service.js';
import { SignInStates } from './sign-in-states.js';

const MAX_CODE = 200;
const MAX_STATE = 100;

/** The result of a sign-in. */
export interface SignedIn {
  /** The session's cookie, as a `Set-Cookie` header. */
  readonly cookie: string;
  readonly returnTo?: string;
}

/** Signs in users whom GitHub sends back with a code. Does not redirect, since passport's redirect needs Express. */
@Injectable()
export class GithubStrategy extends PassportStrategy(Strategy, 'github') {
  private readonly logger = new Logger(GithubStrategy.name);

  constructor(
    private readonly github: GithubOAuth,
    private readonly states: SignInStates,
    private readonly signIns: SignInService,
  ) {
    super();
  }

  authenticate(request: FastifyRequest): void {
    this.validate(request).then(
      (signedIn) => this.success(signedIn),
      (error: unknown) => this.error(error),
    );
  }

  /** @throws {ApiError} validation, unauthenticated, forbidden, service-unavailable */
  async validate(request: FastifyRequest): Promise<SignedIn> {
    const query = request.query as Record<string, unknown>;
    const begun = this.states.resume(request, textOf(query, 'state', MAX_STATE));
    if (begun === null) {
      throw new ApiError(
        'validation',
        'This sign-in was not started in this browser, or it took too long. Start again at /api/auth/github.',
        [{ field: 'state', message: 'must belong to a sign-in that this browser started' }],
      );
    }
    if (query.error !== undefined) {
      throw new ApiError(
        'unauthenticated',
        'The sign-in was denied on GitHub. Start again at /api/auth/github and authorize Nexos on GitHub.',
      );
    }
    const { codeVerifier, returnTo } = begun;
    const code = textOf(query, 'code', MAX_CODE);
    const user = await this.github
      .fetchUser({ code, codeVerifier, redirectUri: this.signIns.redirectUri })
      .catch((error: unknown) => {
        throw this.problemOf(error);
      });
    const cookie = await this.signIns.signIn(user);
    return returnTo === undefined ? { cookie } : { cookie, returnTo };
  }

  private problemOf(error: unknown): unknown {
    if (error instanceof SignInRefusedError) {
      return new ApiError(
        'unauthenticated',
        `GitHub refused the sign-in: ${error.code}. Start again at /api/auth/github.`,
      );
    }
    if (!(error instanceof GithubUnavailableError)) return error;
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
    this.logger.warn(`${error.message}${cause}`);
    return new ApiError(
      'service-unavailable',
      'GitHub is unreachable or did not answer. Start again at /api/auth/github later.',
    );
  }
}

/** Returns a field of an untrusted query, which may repeat it. */
function textOf(query: Record<string, unknown>, field: string, longest: number): string {
  const value = query[field];
  if (typeof value === 'string' && value.length <= longest && /^[\x21-\x7e]+$/.test(value)) return value;
  const message = `must be given once, with 1 to ${longest} visible ASCII characters`;
  throw refused([{ field, message }]);
}
