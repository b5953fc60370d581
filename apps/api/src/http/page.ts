import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const MAX_PAGE = 100;

/** `?limit` and `?cursor` of a list. */
export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(MAX_PAGE, { message: `must be at most ${MAX_PAGE}` })
  limit = 50;

  /** The id of the last row of the page before. */
  @IsOptional()
  @Matches(/^[a-z]{3,4}_[0-9a-z]{26}$/, { message: 'is not a cursor that this API gave out' })
  cursor?: string;
}

/**
 * Cuts one row too many off a list, and tells where the next page is in a `Link` header (RFC 8288), as
 * GitHub does.
 */
export function finishPage<Row extends { id: string }>(
  rows: readonly Row[],
  query: PageQuery,
  request: FastifyRequest,
  reply: FastifyReply,
): Row[] {
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  if (rows.length > query.limit && last !== undefined) {
    const [path = '/', search = ''] = request.url.split('?');
    const next = new URLSearchParams(search);
    next.set('limit', String(query.limit));
    next.set('cursor', last.id);
    void reply.header('link', `<${path}?${next.toString()}>; rel="next"`);
  }
  return page;
}
