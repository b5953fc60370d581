import type { FastifyReply } from 'fastify';
import { ApiError } from '../http/problems/api-error.js';

/** RFC 9110, section 15.5.2: a 401 says how to authenticate. */
export function unauthenticated(reply: FastifyReply, detail: string): ApiError {
  void reply.header('www-authenticate', 'Bearer realm="nexos"');
  return new ApiError('unauthenticated', detail);
}
