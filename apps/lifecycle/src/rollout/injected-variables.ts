/** Returns the injected values that a log must redact: all except Nexos' own. */
export function injectedSecrets(injected: Readonly<Record<string, string>>): string[] {
  return Object.entries(injected)
    .filter(([name]) => name !== 'PORT' && !name.startsWith('NEXOS_'))
    .map(([, value]) => value);
}
