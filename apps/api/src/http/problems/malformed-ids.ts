import type { FastifyRequest } from 'fastify';
import { idRefusal, kindAt } from '../openapi/path-ids.js';
import type { FieldError } from './api-error.js';

/** Returns errors for path parameters that are not valid ids of their kind, so that they cannot name anything. */
export function malformedIds({
  routeOptions,
  params,
}: Pick<FastifyRequest, 'routeOptions' | 'params'>): FieldError[] {
  const given = params as Readonly<Record<string, string>>;
  const segments = (routeOptions.url ?? '').split('/');
  return segments.flatMap((segment, index) => {
    if (!segment.startsWith(':')) return [];
    const field = segment.slice(1);
    const kind = kindAt(segments, index);
    const message = kind === undefined ? null : idRefusal(kind, given[field] ?? '');
    return message === null ? [] : [{ field, message }];
  });
}
