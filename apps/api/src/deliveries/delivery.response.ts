import { DELIVERY_OUTCOMES, DELIVERY_REASONS, type DeliveryReason } from '@nexos/domain';
import type { DeliveryView } from '@nexos/state';
import { ApiProperty } from '../http/openapi/api-property.js';
import { IdProperty } from '../http/openapi/id.property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

/** A webhook delivery without its outcome. */
class Delivery {
  @IdProperty('delivery', { description: 'The X-GitHub-Delivery header.' })
  id!: string;

  @ApiProperty({ description: 'The X-GitHub-Event header.', example: 'push' })
  event!: string;

  @ApiProperty({ type: 'string', nullable: true, example: 'octocat/my-app' })
  repository!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The branch that was pushed or deleted, if any.',
    example: 'main',
  })
  branch!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The commit that the branch points to after the push; null if the branch was deleted.',
    example: '6dcb09b5b57875f334f61aebed695e2e4193db5e',
  })
  commit_sha!: string | null;

  @ApiProperty({
    type: 'integer',
    description: 'Number of attempts to process the delivery since it was received or last replayed.',
    example: 1,
  })
  attempts!: number;

  @TimeProperty()
  received_at!: string;

  @TimeProperty({ nullable: true })
  processed_at!: string | null;

  @TimeProperty({
    nullable: true,
    description: 'When the delivery was last replayed; the outcome is then that of the replay.',
  })
  replayed_at!: string | null;
}

/** A delivery and its result in one project. */
export class ProjectDeliveryResponse extends Delivery {
  @ApiProperty({
    enum: DELIVERY_OUTCOMES,
    description: '`accepted` until the delivery is processed.',
    example: 'deployed',
  })
  outcome!: string;

  @ApiProperty({
    enum: DELIVERY_REASONS,
    nullable: true,
    description: 'A stable code for why the delivery changed no environment.',
    example: null,
  })
  reason!: string | null;

  @IdProperty('deployment', { description: 'The deployment that the delivery queued.', nullable: true })
  deployment_id!: string | null;
}

/** The result of a delivery in one project. */
export class DeliveryResultResponse {
  @IdProperty('project')
  project_id!: string;

  @ApiProperty({ enum: DELIVERY_OUTCOMES, example: 'deployed' })
  outcome!: string;

  @ApiProperty({ enum: DELIVERY_REASONS, nullable: true, example: null })
  reason!: DeliveryReason | null;

  @IdProperty('deployment', { nullable: true })
  deployment_id!: string | null;
}

/** A delivery as operators see it. */
export class DeliveryResponse extends Delivery {
  @ApiProperty({
    description: '`accepted` until the delivery is processed; separated by commas if its projects differ.',
    example: 'deployed',
  })
  outcome!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why the delivery changed no environment; separated by commas if its projects differ.',
    example: null,
  })
  reason!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The error of the last attempt, if it failed.',
    example: null,
  })
  error!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The API key or session that last replayed it.',
    example: null,
  })
  replayed_by!: string | null;

  @ApiProperty({
    type: [DeliveryResultResponse],
    description: 'The result in each project of the repository.',
  })
  projects!: DeliveryResultResponse[];
}

export function toProjectDeliveryResponse(delivery: DeliveryView): ProjectDeliveryResponse {
  const [result] = delivery.results;
  return {
    ...common(delivery),
    outcome: result?.outcome ?? delivery.outcome,
    reason: result?.reason ?? null,
    deployment_id: result?.deploymentId ?? null,
  };
}

export function toDeliveryResponse(delivery: DeliveryView): DeliveryResponse {
  return {
    ...common(delivery),
    outcome: delivery.outcome,
    reason: delivery.reason,
    error: delivery.error,
    replayed_by: delivery.replayedBy,
    projects: delivery.results.map(({ projectId, outcome, reason, deploymentId }) => ({
      project_id: projectId,
      outcome,
      reason,
      deployment_id: deploymentId,
    })),
  };
}

function common(delivery: DeliveryView): Pick<Delivery, keyof Delivery> {
  return {
    id: delivery.id,
    event: delivery.event,
    repository: delivery.repository,
    branch: delivery.branch,
    commit_sha: delivery.commitSha,
    attempts: delivery.attempts,
    received_at: delivery.receivedAt.toISOString(),
    processed_at: delivery.processedAt?.toISOString() ?? null,
    replayed_at: delivery.replayedAt?.toISOString() ?? null,
  };
}
