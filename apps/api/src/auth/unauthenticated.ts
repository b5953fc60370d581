import type { FastifyReply } from 'fastify';
import { ApiError } from '../http/problems/api-error.js';

/** Returns a 401 error, and sets the header that says how to authenticate (RFC 9110, section 15.5.2). */
export function unauthenticated(reply: FastifyReply, detail: string): ApiError {
  void reply.header('www-authenticate', 'Bearer realm="nexos"');
  return new ApiError('unauthenticated', detail);
}
