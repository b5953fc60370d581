import { SYSTEM_PATH } from './system-path.js';

/** A transfer slower than this, for this long, is aborted. */
const LOW_SPEED = { bytesPerSecond: '1000', seconds: '30' };

const CONFIGURATION: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  // Larger blobs are streamed instead of held in memory.
  'core.bigFileThreshold': '16m',
  'pack.threads': '1',
  'pack.windowMemory': '64m',
  // The age of a kept commit is the mtime of its ref file, so refs must stay loose.
  'gc.packRefs': 'false',
  'gc.auto': '1000',
  'gc.autoPackLimit': '20',
  'gc.autoDetach': 'false',
  'gc.pruneExpire': '2.hours.ago',
  'tar.umask': '0022',
  'protocol.allow': 'never',
  'http.lowSpeedLimit': LOW_SPEED.bytesPerSecond,
  'http.lowSpeedTime': LOW_SPEED.seconds,
  'http.followRedirects': 'initial',
};

/**
 * Returns the complete environment of a git process. It inherits nothing, reads no machine or user configuration, never
 * prompts, and speaks no protocol except that of `remote`.
 */
export function gitEnvironment(options: {
  home: string;
  gitDir?: string;
  ceiling?: string;
  remote?: Remote;
}): Record<string, string> {
  return {
    PATH: SYSTEM_PATH,
    HOME: options.home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_DEFAULT_REF_FORMAT: 'files',
    ...(options.gitDir === undefined ? {} : { GIT_DIR: options.gitDir }),
    ...(options.ceiling === undefined ? {} : { GIT_CEILING_DIRECTORIES: options.ceiling }),
    ...configurationVariables({ ...CONFIGURATION, ...remoteConfiguration(options.remote) }),
  };
}

/** A Git host and a token for it. */
export interface Remote {
  /** `https://github.com` */
  readonly url: string;
  readonly token?: string | undefined;
}

/** Returns the `Basic` credentials that GitHub expects for an installation token. */
export function basicCredentials(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}

function remoteConfiguration(remote: Remote | undefined): Record<string, string> {
  if (remote === undefined) return {};
  const { origin, protocol } = new URL(remote.url);
  const allowed = { [`protocol.${protocol.slice(0, -1)}.allow`]: 'always' };
  if (remote.token === undefined) return allowed;
  return {
    ...allowed,
    [`http.${origin}/.extraHeader`]: `Authorization: Basic ${basicCredentials(remote.token)}`,
    // After a redirect git sends the header to the new host as well (observed with git 2.39).
    'http.followRedirects': 'false',
  };
}

/** Passes configuration in the environment, hidden from process arguments: git-config(1), GIT_CONFIG_COUNT. */
function configurationVariables(configuration: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(configuration);
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  for (const [index, [key, value]] of entries.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
