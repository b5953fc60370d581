/** The stream that one writer of a deployment's log writes to. */
export function logStreamKey(prefix: string, deploymentId: string, writer: number): string {
  return `${prefix}:log:${deploymentId}:${writer}`;
}

/** The channel on which those are woken who watch the log of a deployment, or of an environment's app. */
export function logChannel(prefix: string, id: string): string {
  return `${prefix}:log-woken:${id}`;
}
