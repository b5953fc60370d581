import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestIdOf } from '../request-id.js';
import { ApiError, problemOf } from './api-error.js';

/** Responds to an `Expect` header other than `100-continue` (RFC 9110, section 10.1.1), which Node would do without a body. */
export function answerExpectation(request: IncomingMessage, response: ServerResponse): void {
  const problem = new ApiError(
    'expectation-failed',
    'The API meets no expectation but 100-continue. Send the request without the header Expect.',
  );
  const id = requestIdOf(request);
  const body = JSON.stringify(problemOf(problem, id));
  response
    .writeHead(problem.status, {
      'content-type': 'application/problem+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'x-request-id': id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // The body that may follow is not read.
      connection: 'close',
    })
    .end(body);
}
