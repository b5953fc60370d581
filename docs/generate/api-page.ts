import { commonErrors, ownErrors, type Route, scopeOf } from './api-errors.js';
import { block, code, defaultText, page, table } from './markdown.js';
import {
  type Answer,
  componentOf,
  type Media,
  type OpenApi,
  type Operation,
  type Parameter,
  type Schema,
  titleOf,
} from './openapi.js';
import { bodyTable, linkTo, objectTable, typeText } from './schema-text.js';

type Group = readonly [title: string, tags: readonly string[]];

/** Sections of the page, in order, with the tags of their operations. */
const GROUPS: readonly Group[] = [
  ['Sign-in and API keys', ['SignIn', 'Me', 'Logout', 'ApiKeys']],
  ['Projects', ['Projects', 'RepositoryConfig']],
  ['Repositories on GitHub', ['GithubInstallations', 'GithubRepositories', 'GithubInstall']],
  ['Environments', ['Environments', 'Databases', 'EnvironmentLogs', 'EnvironmentEvents']],
  ['Deployments', ['ProjectDeployments', 'EnvironmentDeployments', 'Deployments', 'DeploymentEvents']],
  ['Environment variables', ['EnvVars']],
  ['Registries', ['Registries']],
  ['Commands', ['EnvironmentExecutions', 'Executions']],
  ['Webhooks and deliveries', ['Webhooks', 'ProjectDeliveries', 'Deliveries']],
  ['Notifications', ['OutgoingWebhooks', 'ProjectWebhooks', 'GithubReports']],
  ['GitHub App', ['GithubApp', 'GithubAppManifest']],
  ['Audit log', ['Audit']],
  ['Nodes', ['Nodes']],
  ['Quota and accounts', ['Quota', 'QuotaUsage', 'Accounts']],
];
const JSON_TYPE = 'application/json';

const INTRODUCTION = `All paths begin with \`/api\`. The same document is served as OpenAPI 3.1 at \`GET /api/openapi.json\`, and as a page at
\`GET /api/docs\`. [The API guide](../guides/api.md) explains authentication, paging, idempotency and caching;
[errors.md](errors.md) explains the error codes, and [states.md](states.md) the statuses.

Every request may carry \`X-Request-Id\`, every GET \`If-None-Match\` (answered with 304 if nothing changed), and every POST
with credentials \`Idempotency-Key\`. A scope includes the narrower ones: \`admin\`, \`write\`, \`read\`. A browser session
has all of them.`;

/** Returns `api.md`, from the OpenAPI document. */
export function apiPage(document: OpenApi): string {
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Route => ({ method, path, operation })),
  );
  const groups = groupsOf(routes).map(([title, tags]) => ({
    title,
    routes: tags.flatMap((tag) => routes.filter(({ operation }) => tagOf(operation) === tag)),
  }));
  return page(
    'API reference',
    INTRODUCTION,
    commonErrors(routes),
    ...groups.map(({ title, routes: own }) => overview(title, own)),
    ...groups.flatMap(({ title, routes: own }) => [
      `## ${title}`,
      ...own.map((route) => section(route, routes, document)),
    ]),
    '## Objects',
    ...objects(document, routes),
  );
}

/** A tag that GROUPS does not name is a group of its own. */
function groupsOf(routes: readonly Route[]): Group[] {
  const named = new Set(GROUPS.flatMap(([, tags]) => tags));
  const others = new Set(routes.map(({ operation }) => tagOf(operation)).filter((tag) => !named.has(tag)));
  return [...GROUPS, ...[...others].map((tag): Group => [titleOf(tag), [tag]])];
}

function tagOf({ tags = [] }: Operation): string {
  return tags[0] ?? '';
}

function overview(title: string, routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, operation }) => {
    const name = `${method.toUpperCase()} ${path}`;
    return [`[${code(name)}](#${anchorOf(name)})`, scopeOf(operation) ?? '–', operation.summary];
  });
  return table([title, 'scope', 'does'], rows);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}

function section(route: Route, all: readonly Route[], { components }: OpenApi): string {
  const { method, path, operation } = route;
  const scope = scopeOf(operation);
  const parts = [
    `### \`${method.toUpperCase()} ${path}\``,
    `${operation.summary}. ${operation.description ?? ''}`.trim(),
    scope === null ? 'Needs no credentials.' : `Scope: ${code(scope)}.`,
    ...parameters(operation),
    ...body(operation, components.schemas),
    answers(route, all),
  ];
  return parts.join('\n\n');
}

function parameters({ parameters: all }: Operation): string[] {
  const own = all.filter(({ $ref }) => $ref === undefined);
  const ids = own.filter(({ in: place }) => place === 'path');
  const rows = own
    .filter(({ in: place }) => place !== 'path')
    .map(({ name, in: place, required, schema, description = '' }) => [
      code(name),
      place,
      typeText(schema),
      required === true ? 'yes' : 'no',
      schema.default === undefined
        ? description
        : `${description} Default: ${defaultText(schema.default)}.`.trim(),
    ]);
  return [
    ...(ids.length === 0 ? [] : [`Path: ${ids.map(pathParameter).join(', ')}.`]),
    ...(rows.length === 0 ? [] : [table(['parameter', 'in', 'type', 'required', 'description'], rows)]),
  ];
}

function pathParameter({ name, schema }: Parameter): string {
  return `${code(name)} (${typeText(schema).replace(/^id /, '')})`;
}

function body({ requestBody }: Operation, schemas: Readonly<Record<string, Schema>>): string[] {
  return Object.entries(requestBody?.content ?? {}).flatMap(([type, { schema = {}, example }]) => {
    if (type !== JSON_TYPE) return [`Body, as ${code(type)}:`, block('text', String(example))];
    const bodies = (schema.anyOf ?? [schema]).map(componentOf).filter((name) => name !== undefined);
    const tables = bodies.flatMap((name, index) => [
      index === 0 ? 'Body, as JSON:' : 'Or:',
      bodyTable(name, schemas),
    ]);
    return [...tables, block('json', JSON.stringify(example, null, 2))];
  });
}

/** 304 is the answer to `If-None-Match`, which the introduction explains. */
function answers(route: Route, all: readonly Route[]): string {
  const successes = Object.entries(route.operation.responses)
    .filter(([status]) => Number(status) < 400 && status !== '304')
    .map(([status, answer]) => `- ${code(status)}: ${answerText(answer)}`);
  const errors = ownErrors(route, all);
  return ['Answers:', '', ...successes, ...(errors === '' ? [] : [`- errors: ${errors}`])].join('\n');
}

function answerText({ description, content = {} }: Answer): string {
  const kinds = Object.entries(content).map(([type, media]) => contentText(type, media));
  return kinds.length === 0 ? description.replace(/\.$/, '') : kinds.join('; or ');
}

function contentText(type: string, { schema = {}, 'x-events': events }: Media): string {
  if (type === JSON_TYPE) return (schema.anyOf ?? [schema]).map(typeText).join(' or ');
  const told = Object.entries(events ?? {}).map(
    ([name, { $ref }]) => `${code(name)} ${linkTo(componentOf({ $ref: $ref ?? '' }) ?? '')}`,
  );
  return told.length === 0 ? code(type) : `${code(type)} with the events ${told.join(' and ')}`;
}

/** Bodies are shown with their operations; everything else is shown once, in the order of the alphabet. */
function objects({ components }: OpenApi, routes: readonly Route[]): string[] {
  const examples = new Map<string, unknown>();
  for (const { operation } of routes) {
    for (const { content = {} } of Object.values(operation.responses)) {
      const { schema = {}, example } = content[JSON_TYPE] ?? {};
      const name = componentOf(schema) ?? componentOf(schema.items ?? {});
      if (name === undefined || examples.has(name)) continue;
      examples.set(name, Array.isArray(example) ? (example as unknown[])[0] : example);
    }
  }
  return Object.keys(components.schemas)
    .filter((name) => !name.endsWith('Dto'))
    .sort((one, other) => titleOf(one).localeCompare(titleOf(other), 'en'))
    .flatMap((name) => [
      `### ${titleOf(name)}`,
      objectTable(name, components.schemas),
      ...(examples.has(name) ? [block('json', JSON.stringify(examples.get(name), null, 2))] : []),
    ]);
}
