import { expect, it } from 'vitest';
import { isTransient, registryProblem } from './registry-problem.js';

/** Errors of engine 20.10 and of newer ones. */
it.each<[string, string, string | null]>([
  [
    'pulling from host r.example failed with status code [manifests 1]: 429 Too Many Requests',
    'rate-limited',
    '429 Too Many Requests',
  ],
  ['toomanyrequests: You have reached your pull rate limit.', 'rate-limited', null],
  [
    'unexpected status from HEAD request to https://r.example/v2/a/manifests/1: 503 Service Unavailable',
    'unavailable',
    '503 Service Unavailable',
  ],
  [
    'failed to copy: httpReadSeeker: failed open: unexpected status code http://r.example/v2/a/blobs/sha256:aa: 502 Bad Gateway - Server message: unknown',
    'unavailable',
    '502 Bad Gateway',
  ],
  ['received unexpected HTTP status: 503 Service Unavailable', 'unavailable', '503 Service Unavailable'],
  [
    'pulling from host r.example failed with status code [manifests 1]: 504 Gateway Timeout',
    'timeout',
    '504 Gateway Timeout',
  ],
  [
    'pulling from host r.example failed with status code [manifests 1]: 401 Unauthorized',
    'denied',
    '401 Unauthorized',
  ],
  [
    'failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized',
    'denied',
    '401 Unauthorized',
  ],
  [
    'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'denied',
    null,
  ],
  [
    'pulling from host r.example failed with status code [manifests 1]: 403 Forbidden',
    'denied',
    '403 Forbidden',
  ],
  [
    `unexpected status code http://127.0.0.1:3951/v2/me/base/blobs/sha256:${'a'.repeat(64)}: 503 Service Unavailable`,
    'unavailable',
    '503 Service Unavailable',
  ],
  [
    'unexpected status from HEAD request to http://127.0.0.1:3951/v2/me/base/manifests/1: 503 Service Unavailable',
    'unavailable',
    '503 Service Unavailable',
  ],
  [
    'unexpected status from HEAD request to https://r.example:443/v2/a/manifests/1: 502 Bad Gateway',
    'unavailable',
    '502 Bad Gateway',
  ],
  [
    'unexpected status from GET request to https://r.example:8443/token: 403 Forbidden',
    'denied',
    '403 Forbidden',
  ],
  [
    'unexpected status from GET request to http://r.example:5000/token: 401 Unauthorized',
    'denied',
    '401 Unauthorized',
  ],
  [
    `pulling from host r.example failed with status code [manifests sha256:503${'0'.repeat(61)}]: 401 Unauthorized`,
    'denied',
    '401 Unauthorized',
  ],
  [
    `pulling from host r.example failed with status code [manifests sha256:429${'f'.repeat(61)}]: 503 Service Unavailable`,
    'unavailable',
    '503 Service Unavailable',
  ],
  [`failed with status code: 503 ${'Aa '.repeat(500)}`, 'unavailable', '503 Aa Aa Aa Aa Aa'],
  ['no basic auth credentials', 'denied', null],
  ['r.example/a:503: not found', 'missing', null],
  ['manifest unknown: manifest unknown', 'missing', null],
  ['failed to do request: Head "https://r.example/v2/": dial tcp 1.2.3.4:443: i/o timeout', 'timeout', null],
  ['failed to do request: Head "https://r.example/v2/": net/http: TLS handshake timeout', 'timeout', null],
  [
    'failed to do request: Head "https://r.example/v2/": dial tcp 1.2.3.4:443: connect: connection refused',
    'unavailable',
    null,
  ],
  ['failed to do request: Head "https://r.example/v2/": EOF', 'unavailable', null],
  [
    'failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    'unknown-host',
    null,
  ],
  [
    'failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example on 10.0.0.53:53: server misbehaving',
    'unavailable',
    null,
  ],
  ['dial tcp: lookup r.example: Temporary failure in name resolution', 'unavailable', null],
  [`no match for platform in manifest sha256:${'a'.repeat(64)}: not found`, 'wrong-platform', null],
  ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'wrong-platform', null],
])('registryProblem reads %j', (error, kind, status) => {
  expect(registryProblem(error)).toEqual({ kind, status });
});

it.each<[string, string | null, string]>([
  [
    'failed to do request: Head "https://r.example/v2/": x509: certificate signed by unknown authority',
    null,
    'failed to do request: Head "https://r.example/v2/": x509: certificate signed by unknown authority',
  ],
  [
    'failed to do request: Head "https://me:p@4ss@r.example/v2/?token=s3cret&a=b": http: server gave HTTP response to HTTPS client',
    null,
    'failed to do request: Head "https://r.example/v2/": http: server gave HTTP response to HTTPS client',
  ],
  [
    "unexpected status code https://r.example/v2/: 418 I'm a teapot",
    '418 I',
    "unexpected status code https://r.example/v2/: 418 I'm a teapot",
  ],
  ['read tcp 10.0.0.5:4242->10.0.0.6:443: \u001b[31mstrange\n', null, 'read tcp: strange'],
  [`strange ${'x'.repeat(10_000)}`, null, `strange ${'x'.repeat(292)}…`],
])('registryProblem keeps the words of %j, bounded and without secrets', (error, status, details) => {
  expect(registryProblem(error)).toEqual({ kind: 'other', status, details });
});

it.each(['status ', 'status:', 'repository '])('reads many times %j in linear time', (text) => {
  const started = performance.now();
  expect(registryProblem(`${text.repeat(200_000)}: 503`)).toMatchObject({
    kind: expect.any(String) as string,
  });
  // In quadratic time this takes minutes.
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('only what may pass soon is transient', () => {
  const kinds = [
    'rate-limited',
    'unavailable',
    'timeout',
    'denied',
    'missing',
    'wrong-platform',
    'unknown-host',
    'other',
  ] as const;
  expect(kinds.filter((kind) => isTransient({ kind, status: null }))).toEqual(kinds.slice(0, 3));
});
