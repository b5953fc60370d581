import { withRequestOrigin } from '@nexos/state';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { RequestOrigins } from './request-origins.js';

/** Runs each handler with the origin of its request. Nest binds the handler to where `handle` is called. */
@Injectable()
export class RequestOriginInterceptor implements NestInterceptor {
  constructor(private readonly origins: RequestOrigins) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return withRequestOrigin(this.origins.of(context), () => next.handle());
  }
}
