import { UnreadableAppError } from '@nexos/github';
import { LogUnavailableError } from '@nexos/logs';
import { postgresErrorMessage, isDatabaseUnavailable } from '@nexos/database';
import { QuotaExceededError } from '@nexos/domain';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, NO_ROUTE, overQuota, problemOf, type ErrorKind } from './api-error.js';
import { pagePolicy } from '../html-page.js';
import { malformedIds } from './malformed-ids.js';
import { problemPage, wantsPage } from './problem-page.js';

const BY_STATUS: Partial<Record<number, ErrorKind>> = {
  400: 'malformed-json',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** The default if the code that refused did not set one. */
const RETRY_AFTER_SECONDS = 5;

/** Turns every error into RFC 9457 problem details. Logs unexpected errors without revealing them. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = withMalformedIds(toApiError(exception), request);
    if (error.status >= 500) this.log(error, exception, request);
    // The request was refused before or while its body was read.
    if (!request.raw.complete) readToTheEnd(request, reply);
    if (!reply.sent) sendProblem(error, request, reply);
  }

  /** Logs the stack of unexpected errors only: while a dependency is down, every request fails the same way. */
  private log({ kind }: ApiError, exception: unknown, request: FastifyRequest): void {
    const text = `${request.method} ${request.routeOptions.url ?? '?'}: ${messageOf(exception)}`;
    if (kind !== 'internal') this.logger.warn(text);
    else this.logger.error(text, exception instanceof Error ? exception.stack : String(exception));
  }
}

/**
 * Reads the rest of the body. Otherwise Fastify would close the connection, and a client that is still writing would see
 * a reset and never read the response (RFC 9112, section 9.6). The request timeout bounds this.
 */
function readToTheEnd(request: FastifyRequest, reply: FastifyReply): void {
  void reply.removeHeader('connection');
  request.raw.resume();
}

function sendProblem(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.status === 503 && !reply.hasHeader('retry-after')) {
    void reply.header('retry-after', error.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  }
  void reply.status(error.status).header('x-request-id', request.id);
  if (wantsPage(request)) {
    void reply
      .header('content-security-policy', pagePolicy())
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(problemPage(error, request.id));
    return;
  }
  void reply
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(problemOf(error, request.id));
}

/** Responds to requests that Fastify cannot route: the path cannot be decoded or is too long. */
export function answerUnroutable(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(new ApiError('not-found', NO_ROUTE), request, reply);
}

/** Adds malformed ids to a not-found error, so that clients can tell them from missing resources. */
function withMalformedIds(error: ApiError, request: FastifyRequest): ApiError {
  return error.kind === 'not-found' ? new ApiError(error.kind, error.detail, malformedIds(request)) : error;
}

function messageOf(exception: unknown): string {
  const refusal = postgresErrorMessage(exception);
  if (refusal !== null) return `database: ${refusal}`;
  return exception instanceof Error ? exception.message : 'unknown error';
}

function toApiError(exception: unknown): ApiError {
  if (exception instanceof ApiError) return exception;
  if (exception instanceof QuotaExceededError) return overQuota(exception);
  if (exception instanceof LogUnavailableError) {
    return new ApiError(
      'service-unavailable',
      'The latest lines of the log cannot be read at the moment. Try again.',
    );
  }
  if (exception instanceof UnreadableAppError) return new ApiError('service-unavailable', exception.message);
  if (isDatabaseUnavailable(exception)) {
    return new ApiError('service-unavailable', 'The database does not answer at the moment. Try again.');
  }
  const status = statusOf(exception);
  const kind = BY_STATUS[status];
  if (kind === undefined) {
    return new ApiError(
      'internal',
      'An unexpected error was logged under this request_id. Try again; if it persists, tell the operator the request_id.',
    );
  }
  return new ApiError(kind, DETAILS[kind] ?? 'The request could not be handled.');
}

const DETAILS: Partial<Record<ErrorKind, string>> = {
  'not-found': NO_ROUTE,
  'malformed-json': 'The body is not valid JSON.',
  'body-too-large': 'The body is larger than this endpoint accepts. Send less data.',
  'unsupported-media-type':
    'The body has an unsupported media type. Send application/json, or text/plain for environment variables.',
};

/** Returns the status of an error; Nest's exceptions and Fastify's errors carry it differently. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  if (exception instanceof Error && 'statusCode' in exception && typeof exception.statusCode === 'number') {
    return exception.statusCode;
  }
  return 500;
}
