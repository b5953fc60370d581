import {
  DELIVERY_OUTCOMES,
  DELIVERY_REASONS,
  DEPLOYMENT_STATUSES,
  deploymentStatusesBefore,
  ENVIRONMENT_EVENT_TYPES,
  EXECUTION_STATUSES,
  executionStatusesBefore,
  VISIBLE_ENVIRONMENT_STATUSES,
} from '@nexos/domain';
import { EVENT_REASONS } from '../../libs/domain/src/events/event.js';
import { code, page, table } from './markdown.js';
import {
  ACTIONS,
  DEPLOYMENTS,
  ENVIRONMENTS,
  EVENT_CAUSES,
  EVENTS,
  EXECUTIONS,
  OUTCOMES,
  REASONS,
} from './state-descriptions.js';

const INTRODUCTION = `Statuses, outcomes and event types that the API returns. [errors.md](errors.md) has the codes of failures.`;
const OF_EVENTS = `A deployment has events of the type \`status\`; an environment has all of these. Ignore types that you do not know: more
may come. [The guide](../guides/events.md) shows an event.`;

/** Returns `states.md`, from the state machines of `libs/domain`. */
export function statesPage(): string {
  return page(
    'Statuses and events',
    INTRODUCTION,
    '## Deployments',
    machine(DEPLOYMENT_STATUSES, DEPLOYMENTS, deploymentStatusesBefore),
    '## Environments',
    simple('status', VISIBLE_ENVIRONMENT_STATUSES, ENVIRONMENTS),
    '## Commands',
    machine(EXECUTION_STATUSES, EXECUTIONS, executionStatusesBefore),
    '## Webhook deliveries',
    simple('outcome', DELIVERY_OUTCOMES, OUTCOMES),
    simple('reason', DELIVERY_REASONS, REASONS),
    '## Events',
    OF_EVENTS,
    simple('type', ENVIRONMENT_EVENT_TYPES, EVENTS),
    simple('`data.action` of `requested`', Object.keys(ACTIONS) as (keyof typeof ACTIONS)[], ACTIONS),
    simple('reason', EVENT_REASONS, EVENT_CAUSES),
    'The reason of a failure is [its code](errors.md).',
  );
}

function simple<Name extends string>(
  header: string,
  names: readonly Name[],
  descriptions: Readonly<Record<Name, string>>,
): string {
  return table(
    [header, 'means'],
    names.map((name) => [code(name), descriptions[name]]),
  );
}

function machine<Name extends string>(
  names: readonly Name[],
  descriptions: Readonly<Record<Name, string>>,
  before: (to: Name) => readonly Name[],
): string {
  const after = (from: Name) => names.filter((to) => before(to).includes(from));
  return table(
    ['status', 'means', 'may become'],
    names.map((name) => [code(name), descriptions[name], after(name).map(code).join(', ') || '–']),
  );
}
