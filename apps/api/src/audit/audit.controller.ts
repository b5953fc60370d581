import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Authenticated } from '../auth/access.decorator.js';
import { Caller } from '../auth/caller.decorator.js';
import { AcceptsProjectKeys } from '../auth/project-keys.decorator.js';
import type { Principal, PrincipalRequest } from '../auth/principal.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage, linkToNext } from '../http/page.js';
import { AuditExport, NDJSON } from './audit-export.js';
import { AuditRecordResponse } from './audit-record.response.js';
import { AuditService } from './audit.service.js';
import { AuditQuery } from './dto/audit-query.dto.js';
import { WritesNothing } from './writes.decorator.js';

const LINE_EXAMPLE = `{"id":"1042","at":"2026-04-10T12:00:00.000Z","action":"api_key.revoke","actor":"key_01kb2c7x9q4m8r5t6v3w0y1z2a"}
`;

/** Lists and exports the audit log. */
@Controller('audit')
@Authenticated('admin')
@WritesNothing()
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly exports: AuditExport,
  ) {}

  @Get()
  @AcceptsProjectKeys()
  @Operation({
    summary: 'List the audit log',
    description:
      'Who changed what, newest first: with which key, from which address, and the changed fields before and after, without secrets. ' +
      'A page may have fewer lines than `limit`, or none, and still link to a next one. ' +
      `Operators see the logs of all accounts. With \`Accept: ${NDJSON}\`, returns everything that matches, as one JSON object per line.`,
    response: AuditRecordResponse,
    isArray: true,
    paged: true,
    headers: { Accept: { description: `\`${NDJSON}\` to export the log.`, example: NDJSON } },
    alsoReturns: { [NDJSON]: { schema: { type: 'string' }, example: LINE_EXAMPLE } },
  })
  async list(
    @Caller() caller: Principal,
    @Query() query: AuditQuery,
    @Headers('accept') accept: string | undefined,
    @Req() request: PrincipalRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isExport = accept?.includes(NDJSON) === true && request.method !== 'HEAD';
    if (isExport) {
      await this.exports.send(request, reply, this.audit.export(caller, query));
      return;
    }
    const { lines, next } = await this.audit.list(caller, query);
    if (next !== null) linkToNext(next, query.limit, request, reply);
    await reply.send(finishPage(lines, query, request, reply));
  }
}
