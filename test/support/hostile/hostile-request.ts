import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { ApiOperation, ApiParameter } from '../nexos/api-document.js';
import { hostileBody, type HostileBody } from './hostile-body.js';
import { hostileHeader, hostileSegment, hostileText } from './hostile-values.js';

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** What a caller can know: existing ids and the webhook secret. */
export interface Knowledge {
  /** One for each `{…}` of the path. */
  readonly ids: readonly string[];
  readonly webhookSecret: string;
}

const HEADERS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  accept: fc.constantFrom('*/*', 'text/event-stream', 'application/xml', 'application/json;q=0'),
  'idempotency-key': fc.oneof(fc.uuid(), hostileHeader),
  'if-none-match': fc.oneof(fc.constantFrom('*', '"x"', 'W/"x"', '"x", "y"'), hostileHeader),
  'last-event-id': fc.oneof(fc.constantFrom('1-1', '999999-999999999', '-1', '1-1000000000'), hostileHeader),
  'x-request-id': hostileHeader,
  origin: fc.constantFrom('https://evil.example', 'null', 'x'),
  cookie: hostileHeader,
};

/** Generates requests to one operation, most of them wrong in one way or another. */
export function hostileRequest(operation: ApiOperation, known: Knowledge): fc.Arbitrary<HostileRequest> {
  const own = operation.parameters.filter((one) => one.in === 'header');
  const headers = {
    ...Object.fromEntries(own.map((one) => [one.name.toLowerCase(), valueOf(one)])),
    ...HEADERS,
  };
  return fc
    .record({
      path: pathOf(operation, known.ids),
      query: queryOf(operation),
      headers: fc.record(headers, { requiredKeys: [] }),
      body: hostileBody(operation),
      isSigned: fc.boolean(),
    })
    .map(({ path, query, headers: sent, body, isSigned }) => ({
      method: operation.method,
      path: `${path}${query}`,
      headers: {
        ...sent,
        ...(body?.type === undefined ? {} : { 'content-type': body.type }),
        ...(isSigned && 'x-hub-signature-256' in headers ? signed(body, known.webhookSecret) : {}),
      },
      body: body?.bytes,
    }))
    .map((request) => ({ ...request, [fc.toStringMethod]: () => summaryOf(request) }));
}

function valueOf({ example }: ApiParameter): fc.Arbitrary<string> {
  return fc.oneof(fc.constant(String(example)), hostileHeader);
}

function pathOf({ path }: ApiOperation, ids: readonly string[]): fc.Arbitrary<string> {
  const another = ids.map((id) => id.replace(/_.*/, `_${'0'.repeat(26)}`));
  const segment = (index: number) =>
    fc.oneof(
      { arbitrary: fc.constant(ids[index] ?? 'x'), weight: 4 },
      { arbitrary: fc.constantFrom(...another, 'user_01kb2c7x9q4m8r5t6v3w0y1z2a', 'x'), weight: 1 },
      { arbitrary: hostileSegment, weight: 2 },
    );
  return fc.tuple(...ids.map((_, index) => segment(index))).map((segments) => {
    const rest = [...segments];
    return path.replace(/\{\w+\}/g, () => rest.shift() ?? 'x');
  });
}

function queryOf({ parameters }: ApiOperation): fc.Arbitrary<string> {
  const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  // Never a long wait.
  const value = fc.oneof(fc.constantFrom('1', '2', '0', '-1', '1.5', '1e3', '999999999999'), hostileText);
  const pair = fc
    .tuple(fc.constantFrom(...names, 'unknown', '__proto__', 'limit[]', 'cursor[a]'), value)
    .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(wellFormed(text))}`);
  return fc.oneof(
    { arbitrary: fc.constant(''), weight: 2 },
    {
      arbitrary: fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`),
      weight: 1,
    },
    { arbitrary: fc.constantFrom('?', '?%00', '?a=%ZZ', '?&&&', '?=', '?limit=1&limit=2'), weight: 1 },
  );
}

function signed(body: HostileBody | undefined, secret: string): Record<string, string> {
  const digest = createHmac('sha256', secret)
    .update(body?.bytes ?? '')
    .digest('hex');
  return { 'x-hub-signature-256': `sha256=${digest}` };
}

/** Returns what a failure shows of a request; the seed and path shown with it reproduce all of it. */
function summaryOf({ method, path, headers, body }: HostileRequest): string {
  const text = Buffer.from(body ?? '').toString();
  return `${method} ${path} ${JSON.stringify(headers)} ${JSON.stringify(text.slice(0, 500))} of ${text.length} characters`.slice(
    0,
    3_000,
  );
}

/** Replaces lone surrogates, which a URL cannot contain. */
function wellFormed(text: string): string {
  return Buffer.from(text.slice(0, 2_000)).toString();
}
