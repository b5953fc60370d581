import { USER_VARIABLE_NAME } from '@nexos/domain';
import { quote } from '../logs/quote.js';

/** Begins the ids of SSH keys among missing secrets. */
export const SSH = 'ssh:';
/** The most characters of the name of a variable that a message suggests. */
const MAX_NAME = 100;
/** The most missing secrets that the log of a successful build lists. */
const MAX_NOTES = 20;

/** Explains that variables do not reach builds, to a step that asked for a secret in vain. */
export function secretHint(missingSecrets: ReadonlySet<string>, name: string): string {
  if (!name.includes('--mount')) return '';
  const asksFor = (id: string) =>
    id.startsWith(SSH) ? name.includes('type=ssh') : name.includes('type=secret') && name.includes(id);
  const missing = [...missingSecrets].filter(asksFor);
  if (missing.some((id) => id.startsWith(SSH))) {
    return ` It asks for an SSH key, which this build does not have: the project's variables do not reach builds by default. Set a variable with a private key without a passphrase and "build": "secret", and mount it with "--mount=type=ssh,id=NAME", then deploy again.`;
  }
  if (missing.length === 0) return '';
  const ids = missing.map((id) => `"${quote(id)}"`).join(', ');
  const invalid = missing.find((id) => !USER_VARIABLE_NAME.test(id));
  const remedy =
    invalid === undefined
      ? 'Set a variable of that name with "build": "secret"'
      : `No variable can have the name "${quote(invalid)}": mount the secret with another id, such as "id=${variableFor(invalid)}", and set a variable of that name with "build": "secret"`;
  return ` It asks for the secret ${ids}, which this build does not have: the project's variables do not reach builds by default. ${remedy}, then deploy again.`;
}

/** Returns a line for each secret that a step asked for in vain, for the log of a build that succeeded without them. */
export function missingSecretNotes(missingSecrets: ReadonlySet<string>): string[] {
  return [...missingSecrets].slice(0, MAX_NOTES).map((id) => {
    const secret = id.startsWith(SSH) ? `SSH key "${quote(id.slice(SSH.length))}"` : `secret "${quote(id)}"`;
    return `a step asked for the ${secret}, which this build does not have`;
  });
}

/** Returns the name of a variable for a secret whose id cannot be one. */
function variableFor(id: string): string {
  const words =
    id
      .slice(0, MAX_NAME)
      .toUpperCase()
      .match(/[A-Z0-9]+/g) ?? [];
  const name = words.join('_');
  return USER_VARIABLE_NAME.test(name) ? name : `BUILD_${name || 'SECRET'}`;
}
