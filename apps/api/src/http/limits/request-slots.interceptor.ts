import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import type { PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { QueueTimeoutError } from './fair-queue.js';
import { RequestSlots } from './request-slots.js';

const RETRY_AFTER_SECONDS = 2;

/** Handles each request of an account in one of its slots. Public routes need none. */
@Injectable()
export class RequestSlotsInterceptor implements NestInterceptor {
  constructor(private readonly slots: RequestSlots) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const { principal } = http.getRequest<Partial<PrincipalRequest>>();
    if (principal === undefined) return next.handle();
    const reply = http.getResponse<FastifyReply>();
    const slot = await this.slots.take(principal.accountId, reply.raw).catch((error: unknown) => {
      throw error instanceof QueueTimeoutError ? tooMany() : error;
    });
    return next.handle().pipe(finalize(slot.handled));
  }
}

function tooMany(): ApiError {
  return new ApiError(
    'service-unavailable',
    'Too many requests of the account are in progress, so this one did not start. Send it again, and fewer at the same time.',
    [],
    [],
    RETRY_AFTER_SECONDS,
  );
}
