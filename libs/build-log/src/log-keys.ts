/** The stream that one writer of a deployment's log writes to. */
export function logStreamKey(prefix: string, deploymentId: string, writer: number): string {
  return `${prefix}:log:${deploymentId}:${writer}`;
}

/** The channel on which watchers of a deployment are woken. */
export function logChannel(prefix: string, deploymentId: string): string {
  return `${prefix}:log-woken:${deploymentId}`;
}
