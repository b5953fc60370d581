/** Of the variables that a container was injected, the values that a log is not to show: all but what Nexos tells of itself. */
export function injectedSecrets(injected: Readonly<Record<string, string>>): string[] {
  return Object.entries(injected)
    .filter(([name]) => name !== 'PORT' && !name.startsWith('NEXOS_'))
    .map(([, value]) => value);
}
