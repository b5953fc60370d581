import * as config from '@nexos/config';
import { type AppName, describeVariables, type VariableDescription } from '@nexos/config';
import { AGENT_CONFIG } from '../../apps/agent/src/agent.config.js';
import { API_CONFIG } from '../../apps/api/src/api.config.js';
import { BUILDER_CONFIG } from '../../apps/builder/src/builder.config.js';
import { INTEGRATIONS_CONFIG } from '../../apps/integrations/src/integrations.config.js';
import { LIFECYCLE_CONFIG } from '../../apps/lifecycle/src/lifecycle.config.js';
import { QUOTA_CONFIG } from '../../apps/quota/src/quota.config.js';
import { code, defaultText, page, table } from './markdown.js';

type Section = abstract new () => object;

const APPS: Readonly<Record<string, Readonly<Record<string, Section>>>> = {
  agent: AGENT_CONFIG,
  api: API_CONFIG,
  builder: BUILDER_CONFIG,
  integrations: INTEGRATIONS_CONFIG,
  lifecycle: LIFECYCLE_CONFIG,
  quota: QUOTA_CONFIG,
};
/** In the order of the page. A section without a title is reported as an error. */
const TITLES: readonly (readonly [Section, string])[] = [
  [config.DatabaseConfig, 'Postgres'],
  [config.DatabaseTimeoutConfig, 'Requests and Postgres'],
  [config.RedisConfig, 'Redis and queues'],
  [config.EncryptionConfig, 'Encryption'],
  [config.HttpConfig, 'The API'],
  [config.LimitsConfig, 'Limits of the API'],
  [config.SignInConfig, 'Sign-in'],
  [config.GithubConfig, 'GitHub'],
  [config.DeliveriesConfig, 'Webhook deliveries'],
  [config.BranchChecksConfig, 'Missed webhooks'],
  [config.NotifyConfig, 'Notifications'],
  [config.IngressConfig, 'Ingress and host names'],
  [config.EngineConfig, 'Docker Engine and Swarm'],
  [config.BuilderConfig, 'Builds'],
  [config.ServicesConfig, 'Services of projects'],
  [config.WorkerConfig, 'Workers and rollouts'],
  [config.AuditConfig, 'Audit log'],
  [config.ObservabilityConfig, 'Logs, health and metrics'],
  [config.FaultConfig, 'Tests'],
];
/** A longer list of values is counted. */
const MOST_VALUES = 120;

const INTRODUCTION = `The apps read these when they start; nothing else configures them. Invalid configuration stops an app with exit code 78
and lists every invalid variable. An empty value counts as unset. Lists are separated by commas.

The builder and the lifecycle worker must use the same container engine or Swarm, and each agent the engine of its machine. All
apps must use the same database, Redis, \`REDIS_PREFIX\` and \`NEXOS_INSTANCE\`; an agent uses neither database nor Redis. [The Compose guide](../operating/compose.md) says which variables to set first.`;

/** One environment variable, with the apps that use it. */
export interface AppVariable extends VariableDescription {
  readonly apps: readonly AppName[];
}

/** Returns every environment variable that an app reads. */
export function appVariables(): AppVariable[] {
  return TITLES.flatMap(([section]) => variablesOf(section));
}

/**
 * Returns `environment-variables.md`, from the classes of `libs/config`.
 *
 * @throws {Error} for a class that an app loads and TITLES does not name
 */
export function environmentVariablesPage(): string {
  const loaded = new Set(Object.values(APPS).flatMap((sections) => Object.values(sections)));
  const missing = [...loaded].find((section) => TITLES.every(([known]) => known !== section));
  if (missing !== undefined) {
    throw new Error(`Add ${missing.name} to TITLES in environment-variables-page.ts.`);
  }
  const sections = TITLES.flatMap(([section, title]) => [`## ${title}`, tableOf(variablesOf(section))]);
  return page('Environment variables of the apps', INTRODUCTION, ...sections);
}

/** @throws {Error} for a variable of an app that does not load its section */
function variablesOf(section: Section): AppVariable[] {
  const loading = Object.entries(APPS)
    .filter(([, sections]) => Object.values(sections).includes(section))
    .map(([app]) => app as AppName);
  return describeVariables(section).map((variable) => {
    const { name, apps = loading } = variable;
    const other = apps.find((app) => !loading.includes(app));
    if (other !== undefined)
      throw new Error(`${other} does not load ${section.name}, and so cannot use ${name}.`);
    return { ...variable, apps };
  });
}

function tableOf(variables: readonly AppVariable[]): string {
  return table(
    ['variable', 'type', 'default', 'accepts', 'read by', 'description'],
    variables.map(({ name, type, default: initial, isRequired, accepts, apps, description }) => [
      code(name),
      type,
      isRequired ? '**required**' : defaultText(initial),
      acceptsText(accepts),
      apps.length === Object.keys(APPS).length ? 'all' : apps.join(', '),
      description,
    ]),
  );
}

function acceptsText(accepts: string | null): string {
  if (accepts === null) return '';
  return accepts.length > MOST_VALUES ? `one of ${accepts.split(', ').length} names` : accepts;
}
