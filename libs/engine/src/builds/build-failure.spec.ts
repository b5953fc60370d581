import { describe, expect, it } from 'vitest';
import { asDeploymentFailure, buildFailure } from './build-failure.js';
import { EngineUnavailableError } from '../client/engine-errors.js';
import { shortageOf } from './shortage.js';

const step = (name: string, error: string, output = '') => ({
  name,
  error,
  shortage: shortageOf(output.split('\n')),
});

const FACTS = {
  dockerfile: 'app/Dockerfile',
  dockerfileText: '',
  buildArgs: {},
  registries: [],
  missingSecrets: new Set<string>(),
  engineVersion: '20.10.24',
};

describe('buildFailure', () => {
  it.each([
    [
      'a failing step, as newer engines word it',
      step(
        '[build 2/4] RUN npm ci',
        'process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      ),
      'failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
      'build_step_failed',
      'The step "RUN npm ci" failed with exit code 1.',
    ],
    [
      'a killed step',
      step('[2/2] RUN make', 'executor failed running [/bin/sh -c make]: exit code: 137'),
      'executor failed running [/bin/sh -c make]: exit code: 137',
      'build_step_failed',
      'BUILD_MEMORY_MB',
    ],
    [
      'a step with a killed process',
      step(
        '[2/2] RUN make',
        'did not complete successfully: exit code: 2',
        'cc\n/bin/sh: line 1:    17 Killed   cc x',
      ),
      'failed to solve: exit code: 2',
      'build_step_failed',
      'BUILD_MEMORY_MB',
    ],
    [
      'a step that can start no process',
      step('[2/2] RUN make', 'exit code: 2', '/bin/sh: 1: Cannot fork'),
      'failed to solve: exit code: 2',
      'build_step_failed',
      'BUILD_PIDS',
    ],
    [
      'a missing file, as newer engines word it',
      step('[2/2] COPY x /', 'failed to calculate checksum of ref a::b: "/x": not found'),
      'failed to solve: failed to compute cache key: "/x": not found',
      'build_step_failed',
      'needs "/x"',
    ],
    [
      'a parse error, as newer engines word it',
      undefined,
      'failed to solve: dockerfile parse error on line 12: unknown instruction: RUNN',
      'dockerfile_invalid',
      'line 12: unknown instruction: RUNN',
    ],
    [
      'a stage that does not exist',
      undefined,
      'failed to solve with frontend dockerfile.v0: failed to create LLB definition: target stage tools could not be found',
      'dockerfile_invalid',
      'has no stage "tools"',
    ],
    [
      'a stage that does not exist, as newer engines word it',
      undefined,
      'failed to solve: target stage "tools" could not be found',
      'dockerfile_invalid',
      'has no stage "tools"',
    ],
    [
      'a missing Dockerfile, as newer engines word it',
      undefined,
      'failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
      'dockerfile_missing',
      '"app/Dockerfile"',
    ],
    [
      'an unavailable frontend image, as newer engines word it',
      step('resolve image config for docker-image://docker.io/docker/dockerfile:1', 'no such host'),
      'failed to solve: no such host',
      'base_image_unavailable',
      '"docker/dockerfile:1" in the Dockerfile\'s "# syntax=" line could not be pulled: the name of Docker Hub cannot be resolved.',
    ],
    [
      'an unavailable base image on Docker Hub',
      step('[internal] load metadata for docker.io/library/node:99', 'not found'),
      'failed to solve: node:99: not found',
      'base_image_unavailable',
      '"node:99"',
    ],
    ['an engine shutdown', undefined, 'rpc error: code = Unavailable desc = gone', 'engine_unavailable', ''],
    [
      'a full engine disk',
      step('[2/2] COPY x', 'failed to copy files: write /x: no space left on device'),
      'failed to solve: write /x: no space left on device',
      'disk_full',
      'Tell the operator',
    ],
    [
      'a step that runs out of disk space',
      step(
        '[2/2] RUN npm ci',
        'executor failed running [/bin/sh -c npm ci]: exit code: 228',
        'npm ERR! ENOSPC: no space left on device',
      ),
      'executor failed running [/bin/sh -c npm ci]: exit code: 228',
      'disk_full',
      'The step "RUN npm ci" ran out of disk space',
    ],
    [
      'a step whose command merely mentions a full disk',
      step('[2/2] RUN x', 'executor failed running [echo no space left on device]: exit code: 1'),
      'executor failed running [echo no space left on device]: exit code: 1',
      'build_step_failed',
      'exit code 1',
    ],
    ['an unknown error', undefined, 'failed to solve: surprise', 'build_step_failed', 'surprise'],
  ])('explains %s', (_, failed, message, code, words) => {
    const failure = buildFailure({ ...FACTS, message, step: failed });
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it.each([
    [
      '[deps 2/3] RUN npm ci',
      'Line 2 of "app/Dockerfile", stage "deps": the step "RUN npm ci" failed with exit code 1',
    ],
    ['[stage-1 1/2] RUN npm ci', 'Line 5 of "app/Dockerfile", stage "stage-1": the step "RUN npm ci" failed'],
    ['[9/9] RUN elsewhere', 'The step "RUN elsewhere" failed with exit code 1'],
  ])('names stage and line of the step %j', (name, words) => {
    const dockerfileText = 'FROM x AS deps\nRUN npm ci\nRUN npm test\nFROM deps\nRUN npm ci\nRUN true\n';
    const failed = step(name, 'did not complete successfully: exit code: 1');
    expect(
      buildFailure({ ...FACTS, dockerfileText, message: 'exit code: 1', step: failed }).message,
    ).toContain(words);
  });

  it.each<[string, string, boolean, RegExp]>([
    [
      '429 Too Many Requests',
      'node:22',
      true,
      /Docker Hub limits the rate of requests and answered 429 .*later, or set credentials/,
    ],
    [
      '503 Service Unavailable',
      'r.example/a:1',
      true,
      /"r.example\/a:1" could not be pulled: r.example answered 503 .*once the registry works/,
    ],
    [
      '401 Unauthorized',
      'r.example/a:1',
      false,
      /r.example refused access \(401 Unauthorized\).*private, or does not exist.*credentials/,
    ],
    ['401 Unauthorized', 'known.example/a:1', false, /The credentials for known.example are wrong/],
    ['404 Not Found', 'r.example/a:1', false, /r.example has no such image/],
  ])('tells a registry that answers %s apart for %s', (status, image, isTransient, words) => {
    const name = `[internal] load metadata for ${image}`;
    const failure = buildFailure({
      ...FACTS,
      registries: ['known.example'],
      dockerfileText: `FROM ${image}\n`,
      message: 'failed to solve',
      step: step(name, `pulling from host r.example failed with status code [manifests 1]: ${status}`),
    });
    expect(failure).toMatchObject({ code: 'base_image_unavailable', isTransient });
    expect(failure.message).toMatch(/^Line 1 of "app\/Dockerfile": the image /);
    expect(failure.message).toMatch(words);
  });

  it('quotes why a registry cannot be used', () => {
    const reason =
      'failed to do request: Head "https://r.example/v2/": x509: certificate signed by unknown authority';
    const failed = step('[internal] load metadata for r.example/a:1', reason);
    const failure = buildFailure({ ...FACTS, message: 'failed to solve', step: failed });
    expect(failure).toMatchObject({ code: 'base_image_unavailable', isTransient: false });
    expect(failure.message).toContain(`r.example cannot be used (${reason}). Check the name of the image.`);
  });

  it('tells an image of another platform from one that is missing', () => {
    const error = `no match for platform in manifest sha256:${'a'.repeat(64)}: not found`;
    const failed = step('[internal] load metadata for r.example/a:1', error);
    const { message } = buildFailure({ ...FACTS, message: 'failed to solve', step: failed });
    expect(message).toContain('r.example does not support the platform of the build machine. Use an image');
  });

  it('names the # syntax= line and the version of the engine for syntax that it does not know', () => {
    const message = 'failed to create LLB definition: dockerfile parse error line 2: Unknown flag: link';
    const failure = buildFailure({
      ...FACTS,
      dockerfileText: 'FROM x\nCOPY --link . .\n',
      message,
      step: undefined,
    });
    expect(failure).toMatchObject({ code: 'dockerfile_invalid' });
    expect(failure.message).toMatch(
      /Docker Engine 20\.10\.24, line 2: Unknown flag: link\..*"# syntax=docker\/dockerfile:1"/,
    );
  });

  it.each([
    ['a required secret', 'secret NPM_TOKEN not found: not found'],
    ['an optional one, whose step then fails', 'executor failed running [/bin/sh -c x]: exit code: 1'],
  ])('explains that variables do not reach builds to a step that lacks %s', (_, error) => {
    const failed = step('[2/2] RUN --mount=type=secret,id=NPM_TOKEN npm ci', error);
    const missingSecrets = new Set(['NPM_TOKEN', 'other']);
    const { message } = buildFailure({ ...FACTS, missingSecrets, message: error, step: failed });
    expect(message).toMatch(
      /the secret "NPM_TOKEN",.*variables do not reach builds by default.*"build": "secret"/,
    );
    expect(message).not.toContain('other');
  });

  it('quotes hostile text on one short line', () => {
    const name = `[2/2] RUN ${'\u001b[31mx\n'.repeat(10_000)}`;
    const failure = buildFailure({ ...FACTS, message: 'm', step: step(name, 'exit code: 2') });
    expect(failure.message.length).toBeLessThan(500);
    expect(failure.message).not.toMatch(/\p{Cc}/u);
  });
});

describe('shortageOf', () => {
  it.each([
    "sh: can't fork: Resource temporarily unavailable",
    'bash: fork: retry: Resource temporarily unavailable',
    '/bin/sh: 1: Cannot fork',
    'Error: spawn /bin/sh EAGAIN',
    'npm error syscall spawn EAGAIN',
    'BlockingIOError: [Errno 11] Resource temporarily unavailable',
    "RuntimeError: can't start new thread",
    'runtime: failed to create new OS thread (have 5 already; errno=11)',
    'java.lang.OutOfMemoryError: unable to create native thread',
    'gcc: fatal error: posix_spawn: Resource temporarily unavailable',
  ])('finds that processes ran out in %j', (line) => {
    expect(shortageOf(['before', line, 'after'])).toBe('processes');
  });

  it.each([
    'Killed',
    '/bin/sh: line 1:    17 Killed                  node big.js',
    'c++: fatal error: Killed signal terminated program cc1plus',
    'npm error signal SIGKILL',
    'go: signal: killed',
    'fork: Cannot allocate memory',
  ])('finds that memory ran out in %j', (line) => {
    expect(shortageOf(['before', line, 'after'])).toBe('memory');
  });

  it.each(['read EAGAIN', 'Skilled', 'a process was Killed by the test', 'curl: (7) Failed to connect'])(
    'finds nothing in %j',
    (line) => {
      expect(shortageOf([line])).toBeNull();
    },
  );
});

describe('asDeploymentFailure', () => {
  it('maps an unreachable engine to engine_unavailable and passes other errors through', () => {
    expect(asDeploymentFailure(new EngineUnavailableError('x'))).toMatchObject({
      code: 'engine_unavailable',
    });
    const own = new Error('lease lost');
    expect(asDeploymentFailure(own)).toBe(own);
  });
});
