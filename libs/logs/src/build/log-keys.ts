/** Returns the key of the stream of one writer of a log. */
export function logStreamKey(prefix: string, ownerId: string, writer: number): string {
  return `${prefix}:log:${ownerId}:${writer}`;
}

/** Returns the channel that wakes the watchers of a log. */
export function logChannel(prefix: string, ownerId: string): string {
  return `${prefix}:log-woken:${ownerId}`;
}

/** Returns the message of a log's channel about new lines; any other message is about the writer or the status. */
export function linesMessage(writer: number): string {
  return `lines ${writer}`;
}
