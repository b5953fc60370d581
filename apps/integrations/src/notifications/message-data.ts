import { type IngressConfig } from '@nexos/config';
import { type MessageData, type MessageDeployment, type NotificationType } from '@nexos/domain';
import { environmentUrl } from '@nexos/ingress';
import { type DeploymentFacts, NO_SUBJECT, type SubjectEvent, type SubjectFacts } from '@nexos/state';

/** Returns what a message tells about an event. Its status is the one that the event led to, even if a later one followed. */
export function messageData(
  type: NotificationType,
  { data, reason }: SubjectEvent,
  { project, environment, deployment }: SubjectFacts,
  ingress: Pick<IngressConfig, 'publicScheme' | 'publicPort'>,
): MessageData {
  const { id, branch, hostname } = environment;
  return {
    ...NO_SUBJECT,
    project,
    environment: { id, branch, url: environmentUrl(ingress, hostname) },
    deployment: deployment === null ? null : deploymentPart(type, data.to ?? '', deployment),
    reason,
    message: typeof data.message === 'string' ? data.message : null,
  };
}

function deploymentPart(type: NotificationType, status: string, facts: DeploymentFacts): MessageDeployment {
  const { id, trigger, commit_sha, commit_message, commit_author, failure_code, failure_message } = facts;
  const hasFailed = type === 'deployment.failed' && failure_code !== null && failure_message !== null;
  return {
    id,
    status,
    trigger,
    commit_sha,
    commit_message,
    commit_author,
    duration_seconds: durationOf(type, facts),
    failure: hasFailed ? { code: failure_code, message: failure_message } : null,
  };
}

function durationOf(type: NotificationType, facts: DeploymentFacts): number | null {
  if (type === 'deployment.queued' || type === 'deployment.building') return null;
  return type === 'deployment.live' ? facts.seconds_to_live : facts.seconds_to_end;
}
