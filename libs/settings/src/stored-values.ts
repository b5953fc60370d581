import { SHELL } from '@nexos/domain';

/** Converts a command to arguments. */
export function storedCommand(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [...SHELL, given] : given;
}

/** Converts a stored command to the form that users see; null stays null. */
export function userCommand(stored: unknown): unknown {
  return isForShell(stored) ? stored[SHELL.length] : stored;
}

export function storedVariables(
  given: Readonly<Record<string, string | number | boolean>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}

function isForShell(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length === SHELL.length + 1 && SHELL.every((one, at) => value[at] === one)
  );
}
