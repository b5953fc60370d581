import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Writes } from '../../audit/writes.decorator.js';
import { Operation } from '../../http/openapi/operation.decorator.js';
import { ApiError } from '../../http/problems/api-error.js';
import { Authenticated } from '../access.decorator.js';
import { Caller } from '../caller.decorator.js';
import type { Principal } from '../principal.js';
import { SessionsService } from './sessions.service.js';

@Controller('auth/logout')
export class LogoutController {
  constructor(private readonly sessions: SessionsService) {}

  @Post()
  @Authenticated('read')
  @Writes('session.end')
  @HttpCode(204)
  @Operation({
    summary: 'Sign out',
    description: 'Ends the session of a browser. The session stops working within a second.',
    success: 'The session has ended.',
  })
  async logout(@Caller() caller: Principal, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    if (caller.via !== 'session') {
      throw new ApiError(
        'forbidden',
        'An API key has no session to sign out of. To revoke the key, use DELETE /api/auth/api-keys/:id.',
      );
    }
    void reply.header('set-cookie', await this.sessions.end(caller.credentialId));
  }
}
