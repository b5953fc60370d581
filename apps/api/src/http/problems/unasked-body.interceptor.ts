import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { UNKNOWN_FIELD, refused } from './api-error.js';

/** Where Nest keeps what each parameter of a route's method is given, and how it writes `@Body()` there. */
const ARGUMENTS_METADATA = '__routeArguments__';
const BODY = '3:';

/** Refuses the fields of a body that its route does not ask for: who sends them expects them to count. */
@Injectable()
export class UnaskedBodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && !asksForBody(context)) refuseFields(body);
    return next.handle();
  }
}

/** @throws {ApiError} validation, for all but an empty object */
function refuseFields(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refused([{ field: 'body', message: 'must be left out, or be an empty object' }]);
  }
  const fields = Object.keys(body);
  if (fields.length > 0) throw refused(fields.map((field) => ({ field, message: UNKNOWN_FIELD })));
}

/** Whether a parameter of the route's method is decorated with `@Body()`. */
function asksForBody(context: ExecutionContext): boolean {
  const { name } = context.getHandler();
  const parameters = Reflect.getMetadata(ARGUMENTS_METADATA, context.getClass(), name) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(BODY));
}
