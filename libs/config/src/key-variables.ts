/** The variables whose values an installation cannot do without, and that its database does not contain. */
const KEY_VARIABLES = [
  'ENCRYPTION_KEY',
  'ENCRYPTION_KEYS_OLD',
  'GITHUB_WEBHOOK_SECRET',
  'GITHUB_APP_ID',
  'GITHUB_APP_PRIVATE_KEY',
  'GITHUB_CLIENT_ID',
  'GITHUB_CLIENT_SECRET',
  'REGISTRY_CREDENTIALS',
] as const;

/** Returns those of these variables that are set, for a sealed file in a backup. */
export function readKeyVariables(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(KEY_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
