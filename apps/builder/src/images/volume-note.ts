/**
 * Says that files do not persist, where an image expects that they do; null when it does not.
 *
 * @param volumes the paths that it declares as VOLUME
 */
export function volumeNote(volumes: readonly string[]): string | null {
  if (volumes.length === 0) return null;
  return `the image declares VOLUME ${volumes.join(', ')}, but files inside containers do not persist: they are lost when a container is replaced, restarted or paused. Keep data in a service, such as services.postgres or services.s3.`;
}
