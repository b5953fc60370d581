/** The stream that one writer of a log writes to. */
export function logStreamKey(prefix: string, ownerId: string, writer: number): string {
  return `${prefix}:log:${ownerId}:${writer}`;
}

/** The channel on which watchers of a log are woken. */
export function logChannel(prefix: string, ownerId: string): string {
  return `${prefix}:log-woken:${ownerId}`;
}
