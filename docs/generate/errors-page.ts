import { EXECUTION_FAILURE_CODES, FAILURE_CODES } from '@nexos/domain';
import { ERROR_KINDS } from '../../apps/api/src/http/problems/api-error.js';
import { DEPLOYMENT_FAILURES, EXECUTION_FAILURES, PROBLEMS } from './error-descriptions.js';
import { block, code, page, table } from './markdown.js';

const INTRODUCTION = `Codes are stable: clients may branch on them. Messages are for people and may change.`;
const OF_THE_API = `The API answers errors as problem details ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)):`;
const OF_DEPLOYMENTS = `A failed deployment has a \`failure\` of \`{code, message}\`; the message says what to do. The live version stays live.
To deploy again, push (\`git commit --allow-empty\` will do) or [deploy without a push](../guides/deployments.md#deploy-without-a-push).

An environment's \`last_error\` has one of these codes while Nexos retries an action that failed.`;
const OF_COMMANDS = `A failed [command](../guides/running-commands.md) has a \`failure\` of \`{code, message}\`.`;

const EXAMPLE = {
  type: 'urn:nexos:problem:validation',
  title: ERROR_KINDS.validation.title,
  status: ERROR_KINDS.validation.status,
  detail: '…',
  request_id: '0b6f7a52-6a3e-4f0e-9d0c-8a7a5a9c1f3e',
  errors: [{ field: 'limit', message: 'must be a whole number' }],
};

/** Returns `errors.md`, from the tables of error and failure codes. */
export function errorsPage(): string {
  const kinds = Object.entries(PROBLEMS) as [keyof typeof PROBLEMS, string][];
  const problems = kinds.map(([kind, when]) => ({ kind, when, ...ERROR_KINDS[kind] }));
  problems.sort((one, other) => one.status - other.status);
  return page(
    'Error codes',
    INTRODUCTION,
    '## Errors of the API',
    OF_THE_API,
    block('json', JSON.stringify(EXAMPLE, null, 2)),
    table(
      ['`type`: `urn:nexos:problem:…`', 'status', 'when'],
      problems.map(({ kind, status, when }) => [code(kind), String(status), when]),
    ),
    '## Failures of deployments',
    OF_DEPLOYMENTS,
    failures(FAILURE_CODES, DEPLOYMENT_FAILURES),
    '## Failures of commands',
    OF_COMMANDS,
    failures(EXECUTION_FAILURE_CODES, EXECUTION_FAILURES),
  );
}

function failures<Code extends string>(
  codes: readonly Code[],
  descriptions: Readonly<Record<Code, { readonly happened: string; readonly remedy: string }>>,
): string {
  return table(
    ['code', 'what happened', 'what to do'],
    codes.map((one) => [code(one), descriptions[one].happened, sentence(descriptions[one].remedy)]),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
