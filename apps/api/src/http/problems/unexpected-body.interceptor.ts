import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { UNKNOWN_FIELD, refused } from './api-error.js';

/** Nest's metadata key for the parameters of a handler, and its prefix for `@Body()`. */
const ARGUMENTS_METADATA = '__routeArguments__';
const BODY = '3:';

/** Rejects a body with fields on routes that take none, since the sender expects the fields to have an effect. */
@Injectable()
export class UnexpectedBodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body !== undefined && !takesBody(context)) rejectFields(body);
    return next.handle();
  }
}

/** @throws {ApiError} validation, for anything but an empty object */
function rejectFields(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refused([{ field: 'body', message: 'must be left out or be an empty object' }]);
  }
  const fields = Object.keys(body);
  if (fields.length > 0) throw refused(fields.map((field) => ({ field, message: UNKNOWN_FIELD })));
}

/** Returns whether a parameter of the handler is decorated with `@Body()`. */
function takesBody(context: ExecutionContext): boolean {
  const { name } = context.getHandler();
  const parameters = Reflect.getMetadata(ARGUMENTS_METADATA, context.getClass(), name) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(BODY));
}
