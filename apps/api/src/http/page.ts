import type { Type } from '@nestjs/common';
import { Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProperty } from './openapi/api-property.js';
import { Optional } from './optional.decorator.js';
import { idSchema, type PathIdKind } from './openapi/path-ids.js';
import { WholeNumberInQuery } from './whole-number.decorator.js';

const MAX_PAGE = 100;

/** `?limit` and `?cursor` of a list. */
export class PageQuery {
  @ApiProperty({ description: 'Maximum number of items.' })
  @WholeNumberInQuery(1, MAX_PAGE)
  limit = 50;

  /** The id of the last row of the previous page. */
  cursor?: string;
}

/** Returns a `PageQuery` for a list of one kind, which rejects ids of other kinds as cursors. */
export function PageOf(kind: PathIdKind): Type<PageQuery> {
  class PageOfKind extends PageQuery {
    @ApiProperty({ description: 'From the `Link` header of the previous page.' })
    @Optional()
    @Matches(new RegExp(String(idSchema(kind).pattern)), {
      message: 'must be a cursor of this list',
    })
    override cursor?: string;
  }
  return PageOfKind;
}

/**
 * Cuts off the extra row that shows that there is a next page, and links to that page in a `Link` header (RFC 8288), as
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
  if (rows.length > query.limit && last !== undefined) linkToNext(last.id, query.limit, request, reply);
  return page;
}

/** Links to the next page of a list. @param cursor where that page begins */
export function linkToNext(
  cursor: string,
  limit: number,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const [path = '/', search = ''] = request.url.split('?');
  const next = new URLSearchParams(search);
  next.set('limit', String(limit));
  next.set('cursor', cursor);
  void reply.header('link', `<${path}?${next.toString()}>; rel="next"`);
}
