/** Of the variables that a container was told, the values that a log is not to show: all but what Nexos tells of itself. */
export function secretsTold(told: Readonly<Record<string, string>>): string[] {
  return Object.entries(told)
    .filter(([name]) => name !== 'PORT' && !name.startsWith('NEXOS_'))
    .map(([, value]) => value);
}
