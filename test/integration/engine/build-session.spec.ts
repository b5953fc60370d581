import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { RegistryFailure, type BuildRequest } from '@nexos/engine';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegistryDouble } from '../../support/registry/registry-double.js';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  rawEngine,
  removeLeftovers,
  tarOf,
} from './engine-fixture.js';

let fixture: EngineFixture;
beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

/** Builds a Dockerfile that is also known to the builder as text. */
async function build(dockerfile: string, overrides: Partial<BuildRequest> = {}) {
  const request = buildOf(dockerfile, { dockerfileText: dockerfile, ...overrides });
  const result = await fixture.builder.build(request).then(
    ({ imageId }) => ({ imageId, error: null }),
    (error: unknown) => ({ imageId: '', error: error as Error }),
  );
  return { ...result, log: request.lines.map(({ text }) => text).join('\n') };
}

describe('a build secret', () => {
  it.each([
    ['of one line', 'made-up-token-0123456789'],
    ['with line breaks, quotes and unusual characters', ' -----BEGIN\r\n\n"$HOME" `id` \\ ü 😀 \u0001\n'],
    ['that is long', 'x'.repeat(32_768)],
    ['that is empty', ''],
  ])('%s reaches its step byte for byte, and nothing else', async (_, secret) => {
    const digest = createHash('sha256').update(secret).digest('hex');
    const mount = 'RUN --mount=type=secret,id=NPM_TOKEN,required=true';
    const dockerfile = `FROM ${BASE_IMAGE}
${mount} : ${randomUUID()}; sha256sum /run/secrets/NPM_TOKEN
RUN test ! -s /run/secrets/NPM_TOKEN && env
`;
    const { imageId, log } = await build(dockerfile, { secrets: { NPM_TOKEN: secret } });
    expect(log).toContain(digest);
    if (secret === '') return;
    const image = rawEngine().getImage(imageId);
    const facts = JSON.stringify([await image.inspect(), await image.history(), log]);
    expect(facts).not.toContain(JSON.stringify(secret).slice(1, -1));
  });

  it('is in no layer', async () => {
    const secret = `made-up-${randomUUID()}`;
    const dockerfile = `FROM ${BASE_IMAGE} AS step
RUN --mount=type=secret,id=A : ${randomUUID()}; sha256sum < /run/secrets/A > /used && env > /env
FROM scratch
COPY --from=step /used /env /run /
`;
    const { imageId } = await build(dockerfile, { secrets: { A: secret } });
    const layers = Buffer.concat(await chunksOf(await rawEngine().getImage(imageId).get()));
    expect(layers.includes(createHash('sha256').update(secret).digest('hex'))).toBe(true);
    expect(layers.includes(secret)).toBe(false);
  });

  it('is no part of the cache key', async () => {
    const dockerfile = `FROM ${BASE_IMAGE}\nRUN --mount=type=secret,id=A : ${randomUUID()}; sha256sum /run/secrets/A\n`;
    await build(dockerfile, { secrets: { A: 'one-value' } });
    const { log } = await build(dockerfile, { secrets: { A: 'another-value' } });
    const step = /^#(\d+) \[2\/2\] RUN --mount/m.exec(log)?.[1] ?? '';
    expect(log).toContain(`\n#${step} CACHED\n`);
  });

  it.each([
    ['required', 'RUN --mount=type=secret,id=NPM_TOKEN,required=true cat /run/secrets/NPM_TOKEN'],
    ['optional', 'RUN --mount=type=secret,id=NPM_TOKEN cat /run/secrets/NPM_TOKEN'],
  ])('that is missing and %s is explained by the failure', async (_, instruction) => {
    const { error } = await build(`FROM ${BASE_IMAGE} AS deps\n${instruction}\n`, {
      secrets: { OTHER: 'x' },
    });
    expect(error).toMatchObject({ code: 'build_step_failed' });
    expect(error?.message).toMatch(/^Line 2 of "Dockerfile", stage "deps": the step "RUN --mount/);
    expect(error?.message).toContain("the project's variables do not reach builds by default");
  });
});

describe('an SSH key', () => {
  const key = ssh2.utils.generateKeyPairSync('ed25519').private;
  /** Asks the agent for its keys: SSH_AGENTC_REQUEST_IDENTITIES, and the type of the first in its answer. */
  const ask = `perl -MIO::Socket::UNIX -e '
    $s = IO::Socket::UNIX->new($ENV{SSH_AUTH_SOCK}) or die; syswrite $s, pack("NC", 1, 11); sysread $s, $a, 4096; print $a =~ /(ssh-ed25519)/;'`.replace(
    /\n\s*/g,
    ' ',
  );

  it('reaches its step as an agent, and is explained where it is missing', async () => {
    // A key is no part of the cache key.
    const dockerfile = () =>
      `FROM ${BASE_IMAGE}\nRUN --mount=type=ssh,required=true : ${randomUUID()}; ${ask}\n`;
    const { error, log } = await build(dockerfile(), { secrets: { DEPLOY_KEY: key } });
    expect(error).toBeNull();
    expect(log).toMatch(/\d ssh-ed25519$/m);
    const missing = await build(dockerfile(), { secrets: { DEPLOY_KEY: 'no key' } });
    expect(missing.error).toMatchObject({ code: 'build_step_failed' });
    expect(missing.error?.message).toContain('It asks for an SSH key, which this build does not have');
  });
});

async function chunksOf(stream: NodeJS.ReadableStream): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks;
}

describe('a registry', () => {
  let registry: RegistryDouble;
  const user = { user: 'me@example.com', password: 'p:a ss/ü%' };
  const from = () => `FROM ${registry.image}\nLABEL a=${randomUUID()}\n`;
  beforeAll(async () => {
    registry = await RegistryDouble.start();
  });
  afterAll(() => registry.stop());

  it('gets the credentials that the build has for it, and no others', async () => {
    registry.login = user;
    const denied = await build(from());
    expect(denied.error).toMatchObject({ code: 'base_image_unavailable', isTransient: false });
    expect(denied.error?.message).toMatch(/^Line 1 of .* refused access \(401 Unauthorized\)/);
    const others = new Map([['registry.example', user]]);
    expect((await build(from(), { credentials: others })).error).toBeInstanceOf(RegistryFailure);
    const wrong = new Map([[registry.host, { ...user, password: 'wrong-password' }]]);
    const refused = await build(from(), { credentials: wrong });
    expect(refused.error?.message).toContain(`The credentials for ${registry.host} are wrong`);
    const { error, log } = await build(from(), { credentials: new Map([[registry.host, user]]) });
    expect(error).toBeNull();
    expect(log + JSON.stringify([denied, refused])).not.toContain(user.password);
    registry.login = null;
  });

  it.each([
    [429, true, 'limits the rate of requests and answered 429 Too Many Requests'],
    [503, true, 'answered 503 Service Unavailable'],
    [500, true, 'answered 500 Internal Server Error'],
    [504, true, 'did not answer in time (504 Gateway Timeout)'],
    [403, false, 'refused access (403 Forbidden)'],
    [404, false, 'has no such image'],
  ])('that answers %s is named, with what to do', async (status, isTransient, words) => {
    registry.answer = () => status;
    const { error } = await build(from());
    registry.answer = () => 'serve';
    expect(error).toMatchObject({ code: 'base_image_unavailable', isTransient });
    expect(error?.message).toContain(words);
  });

  it('that never answers is given up, by its own limit or with the build', async () => {
    registry.answer = () => 'hang';
    const given = await build(from(), { registryTimeoutMs: 600 });
    expect(given.error).toMatchObject({ code: 'base_image_unavailable', isTransient: true });
    expect(given.error?.message).toContain(`${registry.host} did not answer in time`);
    const stop = new AbortController();
    const stopped = await build(from(), {
      signal: stop.signal,
      onLine: ({ text }) => {
        if (text.includes('load metadata')) stop.abort(new Error('too late'));
      },
    });
    expect(stopped.error).toMatchObject({
      pull: { message: expect.stringContaining('did not answer in time') as string },
    });
    registry.answer = () => 'serve';
    expect((await build(from())).error).toBeNull();
  });
});

it('a stopped build says which step was running', async () => {
  const dockerfile = `FROM ${BASE_IMAGE}\nRUN : ${randomUUID()}\nRUN echo begun && sleep 60\n`;
  const stop = new AbortController();
  const { error } = await build(dockerfile, {
    signal: stop.signal,
    onLine: ({ text }) => {
      if (/\d begun$/.test(text)) stop.abort(new Error('too late'));
    },
  });
  expect(error).toMatchObject({
    message: 'too late',
    step: 'line 3 of "Dockerfile": the step "RUN echo begun && sleep 60"',
    pull: null,
  });
});

describe('a context without its Dockerfile', () => {
  const files = {
    'app.js': 'app',
    'app/': '',
    'app/index.js': 'x'.repeat(300_000),
    'app-old/': '',
    'app-old/größe.txt': '',
    'app.d/': '',
    'app.d/run': '#!/bin/sh',
  };
  const context = () => tarOf(files);

  it('reaches the build complete, with nothing else in it', async () => {
    const dockerfile = `FROM ${BASE_IMAGE}
COPY . /in
RUN : ${randomUUID()}; cd /in && find . -type f -printf '%P %s %m\\n' | sort && sha256sum app/index.js
`;
    const { error, log } = await build(dockerfile, {
      context: { open: context, dockerfile: Buffer.from(dockerfile) },
    });
    expect(error).toBeNull();
    expect(log).toContain(createHash('sha256').update(files['app/index.js']).digest('hex'));
    const found = Array.from(log.matchAll(/^#\d+ \d\.\d+ (\S+ \d+ 644)$/gm), ([, line]) => line);
    expect(found).toEqual([
      'app-old/größe.txt 0 644',
      'app.d/run 9 644',
      'app.js 3 644',
      'app/index.js 300000 644',
    ]);
  });

  it('does not hide why a build fails meanwhile', async () => {
    const dockerfile = `FROM ${BASE_IMAGE} AS one\nRUN : ${randomUUID()}; exit 7\nFROM ${BASE_IMAGE}\nCOPY . /in\nCOPY --from=one /x /x\n`;
    // The tar never ends, so the step fails first.
    const open = () => new Readable({ read: () => undefined });
    const { error } = await build(dockerfile, { context: { open, dockerfile: Buffer.from(dockerfile) } });
    expect(error).toMatchObject({ code: 'build_step_failed' });
    expect(error?.message).toContain('Line 2 of "Dockerfile", stage "one"');
  });

  it('that cannot be read fails the build with its error', async () => {
    const cause = new Error('the commit is gone');
    const open = () => new Readable({ read: () => undefined }).destroy(cause);
    const dockerfile = `FROM ${BASE_IMAGE}\nCOPY . /in\n`;
    const context = { open, dockerfile: Buffer.from(dockerfile) };
    expect((await build(dockerfile, { context })).error).toBe(cause);
  });
});
