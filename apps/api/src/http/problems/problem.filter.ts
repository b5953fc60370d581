import { LogUnavailableError } from '@nexos/logs';
import { databaseRefusal, isDatabaseAway } from '@nexos/database';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, problemOf, type ErrorKind } from './api-error.js';
import { malformedIds } from './malformed-ids.js';

const BY_STATUS: Partial<Record<number, ErrorKind>> = {
  400: 'malformed-json',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** Where whoever refused did not say when it is worth another try. */
const RETRY_AFTER_SECONDS = 5;

/** Turns every error into RFC 9457 problem details. What we did not expect is logged and not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = withMalformedIds(toApiError(exception), request);
    if (error.status >= 500) this.log(error, exception, request);
    // Refused before the body was read, or while it came.
    if (!request.raw.complete) readToTheEnd(request, reply);
    if (!reply.sent) sendProblem(error, request, reply);
  }

  /** That something is away is known by its first words; every request says so then, and a stack tells no more. */
  private log({ kind }: ApiError, exception: unknown, request: FastifyRequest): void {
    const text = `${request.method} ${request.routeOptions.url ?? '?'}: ${messageOf(exception)}`;
    if (kind !== 'internal') this.logger.warn(text);
    else this.logger.error(text, exception instanceof Error ? exception.stack : String(exception));
  }
}

/**
 * Fastify would close the connection with the rest of the body unread. The client, which is still writing, would see
 * it reset and never read the answer (RFC 9112, section 9.6). The time that a request may take bounds it.
 */
function readToTheEnd(request: FastifyRequest, reply: FastifyReply): void {
  void reply.removeHeader('connection');
  request.raw.resume();
}

function sendProblem(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.status === 503 && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
  }
  void reply
    .status(error.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('x-request-id', request.id)
    .send(problemOf(error, request.id));
}

/** What Fastify refuses before it knows a route: a path that cannot be decoded, or that is too long. */
export function answerUnroutable(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(new ApiError('not-found', 'There is nothing at this path.'), request, reply);
}

/** Tells a wrong id from one of something that is gone; of what is there it tells nothing. */
function withMalformedIds(error: ApiError, request: FastifyRequest): ApiError {
  return error.kind === 'not-found' ? new ApiError(error.kind, error.detail, malformedIds(request)) : error;
}

function messageOf(exception: unknown): string {
  const refusal = databaseRefusal(exception);
  if (refusal !== null) return `database: ${refusal}`;
  return exception instanceof Error ? exception.message : 'unknown error';
}

function toApiError(exception: unknown): ApiError {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof LogUnavailableError) {
    return new ApiError(
      'service-unavailable',
      'The log of a running deployment cannot be read just now. Try again.',
    );
  }
  if (isDatabaseAway(exception)) {
    return new ApiError('service-unavailable', 'The database cannot be reached just now. Try again.');
  }
  const status = statusOf(exception);
  const kind = BY_STATUS[status];
  if (kind === undefined) {
    return new ApiError('internal', 'The error was logged under the request id given here.');
  }
  return new ApiError(kind, DETAILS[kind] ?? 'The request could not be understood.');
}

const DETAILS: Partial<Record<ErrorKind, string>> = {
  'not-found': 'There is nothing at this path.',
  'malformed-json': 'The body could not be parsed as JSON.',
  'body-too-large': 'The body is larger than this endpoint takes.',
  'unsupported-media-type':
    'Send the body as application/json; environment variables may come as text/plain, too.',
};

/** Nest's exceptions and Fastify's errors both carry a status, each in its own way. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  if (exception instanceof Error && 'statusCode' in exception && typeof exception.statusCode === 'number') {
    return exception.statusCode;
  }
  return 500;
}
