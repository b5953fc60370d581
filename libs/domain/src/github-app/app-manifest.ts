import { isLoopback } from '../nodes/loopback.js';

/** The longest name of an App that GitHub accepts. */
export const MAX_APP_NAME = 34;

/** What Nexos needs the GitHub App to be granted. */
export const APP_PERMISSIONS = {
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  metadata: 'read',
  pull_requests: 'write',
} as const;

/** The events that the GitHub App subscribes to. GitHub sends those about installations to every App. */
export const APP_EVENTS = [
  'check_run',
  'check_suite',
  'create',
  'delete',
  'pull_request',
  'pull_request_review',
  'push',
  'repository',
] as const;

/** https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
export interface AppManifest {
  readonly name: string;
  readonly url: string;
  /** Absent without a webhook: GitHub refuses an address that it cannot reach, even of an inactive webhook. */
  readonly hook_attributes?: { readonly url: string; readonly active: boolean };
  readonly redirect_url: string;
  readonly callback_urls: readonly string[];
  readonly setup_url: string;
  readonly public: boolean;
  readonly default_permissions: Readonly<Record<string, string>>;
  readonly default_events: readonly string[];
}

/** Where an installation of Nexos is reached. */
export interface AppAddresses {
  /** The origin of the API, without `/api`. */
  readonly api: string;
  /** The App's homepage. */
  readonly homepage: string;
}

/** Returns the manifest of an App with everything that Nexos needs. The App is private to the account that owns it. */
export function appManifest(name: string, { api, homepage }: AppAddresses): AppManifest {
  const isReachable = isReachableByGithub(api);
  return {
    name,
    url: homepage,
    ...(isReachable && { hook_attributes: { url: `${api}/api/webhooks/github`, active: true } }),
    redirect_url: `${api}/api/github/app-manifest/callback`,
    callback_urls: [`${api}/api/auth/github/callback`],
    setup_url: `${api}/api/github/install/callback`,
    public: false,
    default_permissions: APP_PERMISSIONS,
    // Without a webhook there is nowhere to send events to.
    default_events: isReachable ? APP_EVENTS : [],
  };
}

/** Returns whether the host of an address is more than this machine's own loopback interface. */
export function isReachableByGithub(address: string): boolean {
  const { hostname } = new URL(address);
  return !isLoopback(hostname) && !hostname.endsWith('.localhost');
}

/** Names an App after the host of its API: names are unique among all Apps on GitHub. */
export function defaultAppName(api: string): string {
  return `Nexos ${new URL(api).hostname}`.slice(0, MAX_APP_NAME);
}

export interface MissingGrants {
  readonly permissions: { readonly name: string; readonly needed: string; readonly granted: string | null }[];
  readonly events: string[];
}

const LEVELS = ['read', 'write', 'admin'];

/** Returns what an App lacks of the permissions and events that Nexos needs. */
export function missingGrants(app: {
  readonly permissions: Readonly<Record<string, string | undefined>>;
  readonly events: readonly string[];
}): MissingGrants {
  const permissions = Object.entries(APP_PERMISSIONS).flatMap(([name, needed]) => {
    const granted = app.permissions[name] ?? null;
    const isEnough = granted !== null && LEVELS.indexOf(granted) >= LEVELS.indexOf(needed);
    return isEnough ? [] : [{ name, needed, granted }];
  });
  return { permissions, events: APP_EVENTS.filter((event) => !app.events.includes(event)) };
}
