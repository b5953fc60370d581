/*
 * What the settings of a project may be, wherever they are said: in the API, or in the repository's own file. Messages
 * complete a sentence that begins with the setting's name.
 */

interface Range {
  readonly least: number;
  readonly most: number;
}

/** Relative, without `..` steps, back slashes, control characters or halves of characters. */
export const PATH_IN_REPOSITORY = /^(?!\/)(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\\p{Cc}\p{Cs}]+$/u;
export const PATH_IN_REPOSITORY_RULE = 'must be a path inside of the repository, relative to its root';
/** A path and a query; a fragment is never sent. Two slashes at the beginning would name a host, and dots climb. */
export const URL_PATH = /^(?!\/\/)(?![^?]*\/\.{1,2}(?:[/?]|$))\/[\x21\x22\x24-\x7e]*$/;
export const URL_PATH_RULE = 'must be a path such as /health: no //, . or .. steps, spaces or #';
/** Characters of either kind of path. */
export const MAX_PATH = 255;

export const PORT: Range = { least: 1, most: 65_535 };
/** Cores. */
export const CPU: Range = { least: 0.05, most: 64 };
/** MiB. */
export const MEMORY_MB: Range = { least: 16, most: 262_144 };
export const BUILD_TIMEOUT_SECONDS: Range = { least: 10, most: 7_200 };
/** How long an environment may go without a request before it sleeps: up to 30 days. */
export const SLEEP_AFTER_MINUTES: Range = { least: 5, most: 43_200 };

/** What holds where nothing else is said. */
export const SETTING_DEFAULTS = {
  dockerfile: 'Dockerfile',
  build_context: '.',
  build_timeout_seconds: 900,
  port: 3000,
  health_check_path: '/',
  cpu: 0.5,
  memory_mb: 512,
  services: { postgres: false, redis: false, s3: false },
} as const;
