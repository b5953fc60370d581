/**
 * All jobs. A job is only a nudge: it carries an id and no instructions, so it is harmless when it runs twice, late or
 * out of order. Its handler reads from the database what to do.
 */
export interface Jobs {
  build: {
    /** Take the next build whose turn it is. The deployment is why there is one, and may still have to wait. */
    'build-deployment': { deploymentId: string };
  };
  branches: {
    /** Look up the in-doubt branches of the repository on the remote, and apply what it answers. */
    'look-up-branches': { repository: string };
    /** Compare the branches with an environment with the remote, if that is due. */
    'check-branches': { repository: string };
    /** Ask GitHub whether the author of a review may approve a commit of a fork, and deploy it then. */
    'check-approval': { approvalId: string };
    /** Deploy the approved commits of forks that a pause of the project kept from being deployed. */
    'deploy-forks': { projectId: string };
  };
  deliveries: {
    /** Process the waiting deliveries of the repository (`owner/name` in lower case) in order of receipt. */
    'process-deliveries': { repository: string };
  };
  lifecycle: {
    /** Bring the environment to its desired state. */
    'reconcile-environment': { environmentId: string };
    /** Look at the environment's live version, which has exited. */
    'check-health': { environmentId: string };
    /** Move the environment off nodes that are being removed, and remove what earlier moves left. */
    'move-environment': { environmentId: string };
    /** Run the command if it is still wanted, or finish its execution. */
    'run-execution': { executionId: string };
  };
  quota: {
    /** Delete data past its retention period. */
    'delete-expired': Record<string, never>;
    /** Destroy environments without a push or deployment for longer than their project's expiry. */
    'expire-environments': Record<string, never>;
    /** Compare the usage of all accounts with a recomputation. */
    'check-quotas': Record<string, never>;
    /** Add ended builds to the usage of their accounts, and warn accounts that near the limit of their build minutes. */
    'meter-builds': Record<string, never>;
  };
  notify: {
    /** Pass a deployment event on to all consumers. */
    'deployment-event': { seq: string };
    /** Pass an environment event on to all consumers. */
    'environment-event': { seq: string };
    /** Send what waits for the webhook. */
    'send-messages': { webhookId: string };
    /** Tell GitHub what it does not know yet about a subject. */
    'report-to-github': { reportId: string };
  };
}

export type QueueName = keyof Jobs;
export type JobName<Q extends QueueName> = keyof Jobs[Q] & string;
export type JobPayload<Q extends QueueName, N extends JobName<Q>> = Jobs[Q][N];

/** A job of one queue: a name and the payload that belongs to it. */
export type JobOf<Q extends QueueName> = {
  [N in JobName<Q>]: { queue: Q; name: N; payload: JobPayload<Q, N> };
}[JobName<Q>];
export type Job = { [Q in QueueName]: JobOf<Q> }[QueueName];

/** The job names of each queue, for the start-up check that each has one handler. */
export const JOB_NAMES: { readonly [Q in QueueName]: readonly JobName<Q>[] } = {
  build: ['build-deployment'],
  branches: ['look-up-branches', 'check-branches', 'check-approval', 'deploy-forks'],
  deliveries: ['process-deliveries'],
  lifecycle: ['reconcile-environment', 'check-health', 'move-environment', 'run-execution'],
  quota: ['delete-expired', 'expire-environments', 'check-quotas', 'meter-builds'],
  notify: ['deployment-event', 'environment-event', 'send-messages', 'report-to-github'],
};
