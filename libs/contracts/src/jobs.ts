/**
 * Every job there is. A job is only a nudge: it carries an id and no instructions, so that it is harmless
 * when it runs twice, late or out of order. What is to be done is read from the database.
 */
export interface Jobs {
  build: {
    /** Build that deployment, if it is still waiting for it. */
    'build-deployment': { deploymentId: string };
  };
  branches: {
    /** Ask that repository where its branches in doubt stand, and follow them. */
    'look-up-branches': { repository: string };
  };
  deliveries: {
    /** Process the deliveries that wait for that repository (`owner/name` in lower case), in order of receipt. */
    'process-deliveries': { repository: string };
  };
  lifecycle: {
    /** Make that environment equal to what is wanted of it. */
    'reconcile-environment': { environmentId: string };
    /** Run that command, if it is still wanted, or see to the end of it. */
    'run-execution': { executionId: string };
  };
  quota: {
    /** Delete what has been kept for as long as it is of use. */
    'delete-expired': Record<string, never>;
    /** Destroy the environments that saw no push and no deployment for as long as their project keeps them. */
    'expire-environments': Record<string, never>;
  };
  notify: {
    /** Pass that event of a deployment on to all consumers. */
    'deployment-event': { seq: string };
    /** The same of an environment. */
    'environment-event': { seq: string };
  };
}

export type QueueName = keyof Jobs;
export type JobName<Q extends QueueName> = keyof Jobs[Q] & string;
export type JobPayload<Q extends QueueName, N extends JobName<Q>> = Jobs[Q][N];

/** One job as it is written down: any queue, any of its names, with the payload that belongs to it. */
export type JobOf<Q extends QueueName> = {
  [N in JobName<Q>]: { queue: Q; name: N; payload: JobPayload<Q, N> };
}[JobName<Q>];
export type Job = { [Q in QueueName]: JobOf<Q> }[QueueName];

/** The names of each queue's jobs, for the check at boot that each has one handler. */
export const JOB_NAMES: { readonly [Q in QueueName]: readonly JobName<Q>[] } = {
  build: ['build-deployment'],
  branches: ['look-up-branches'],
  deliveries: ['process-deliveries'],
  lifecycle: ['reconcile-environment', 'run-execution'],
  quota: ['delete-expired', 'expire-environments'],
  notify: ['deployment-event', 'environment-event'],
};
