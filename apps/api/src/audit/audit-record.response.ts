import type { AuditRecordEntity } from '@nexos/database';
import { AUDIT_ACTIONS, type AuditAction } from '@nexos/domain';
import { ApiProperty } from '../http/openapi/api-property.js';
import { idSchema } from '../http/openapi/path-ids.js';
import { TimeProperty } from '../http/openapi/time.property.js';

const KEY = String(idSchema('apiKey').example);
const PROJECT = String(idSchema('project').example);

/** A line of the audit log in a response. */
export class AuditRecordResponse {
  @ApiProperty({ description: 'Send it as `cursor` to list older lines.', example: '1042' })
  id!: string;

  @TimeProperty()
  at!: string;

  @ApiProperty({ enum: AUDIT_ACTIONS, description: 'New actions may be added.', example: 'project.update' })
  action!: AuditAction;

  @ApiProperty({
    description:
      'The id of the API key or session that made the change, `github` or `github:LOGIN`, `command` for a command of the operator, or `system`.',
    example: KEY,
  })
  actor!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The name that the API key had.',
    example: 'ci',
  })
  actor_name!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The address of the client; null if no request made the change.',
    example: '192.0.2.7',
  })
  address!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: "The request's `X-Request-Id`.",
    example: 'b0c4a0de-6b1a-4a3c-9c5e-2f8d1a7e9b3c',
  })
  request_id!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Whose log the line is part of; null for what concerns no account.',
    example: idSchema('account').example,
  })
  account_id!: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: PROJECT })
  project_id!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The id of what changed.', example: PROJECT })
  subject!: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The changed fields as they were, without secrets; null if the subject is new.',
    example: { name: 'my-app' },
  })
  before!: Readonly<Record<string, unknown>> | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'The changed fields as they are, without secrets; null if the subject is gone.',
    example: { name: 'our-app' },
  })
  after!: Readonly<Record<string, unknown>> | null;
}

export function toAuditRecordResponse(line: AuditRecordEntity): AuditRecordResponse {
  return {
    id: line.seq,
    at: line.at.toISOString(),
    action: line.action,
    actor: line.actor,
    actor_name: line.actorName,
    address: line.address,
    request_id: line.requestId,
    account_id: line.accountId,
    project_id: line.projectId,
    subject: line.subject,
    before: line.before,
    after: line.after,
  };
}
