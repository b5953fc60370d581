import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { DeploymentFailure } from '@nexos/domain';
import { ownerLabels } from '@nexos/engine';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BASE_IMAGE,
  buildOf,
  type EngineFixture,
  engineFixture,
  eventually,
  INSTANCE,
  newOwner,
  removeLeftovers,
  tarOf,
  type TestBuild,
} from './engine-fixture.js';
import { PROMPT_MS } from '../../support/eventually.js';

let fixture: EngineFixture;

beforeAll(async () => {
  await removeLeftovers();
  fixture = await engineFixture();
});
afterAll(async () => {
  await fixture.close();
  await removeLeftovers();
});

/** Runs a build that must fail, checks that it leaves no image, and returns its error. */
async function failureOf(build: TestBuild): Promise<unknown> {
  const error: unknown = await fixture.builder.build(build).then(
    () => new Error('the build succeeded'),
    (reason: unknown) => reason,
  );
  expect(await fixture.images.exists(build.tag)).toBe(false);
  return error;
}

function text(build: TestBuild): string {
  return build.lines.map((line) => line.text).join('\n');
}

describe('a successful build', () => {
  it('passes on each line while it is running', async () => {
    const seen = new Map<string, number>();
    const build = buildOf(
      `FROM ${BASE_IMAGE}\nEXPOSE 8080 53/udp 80\nRUN : ${randomUUID()}\nRUN echo one; sleep 1; echo two >&2\nRUN printf three`,
      {
        onLine: ({ text }) => void seen.set(text.replace(/\d+\.\d+s?/, 'TIME'), performance.now()),
      },
    );
    const { imageId } = await fixture.builder.build(build);

    const lines = [...seen.keys()];
    const at = (pattern: RegExp) => seen.get(lines.find((line) => pattern.test(line)) ?? '') ?? Number.NaN;
    expect(at(/^#\d+ TIME two$/) - at(/^#\d+ TIME one$/)).toBeGreaterThan(700);
    expect(lines).toContainEqual(
      expect.stringMatching(/^#\d+ \[3\/4\] RUN echo one; sleep 1; echo two >&2$/),
    );
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ DONE TIME$/));
    expect(lines).toContainEqual(expect.stringMatching(/^#\d+ three$/));

    const image = await fixture.images.inspect(imageId);
    expect(image).toMatchObject({ id: imageId, tags: [build.tag], exposedPorts: [80, 8080] });
    expect(image.labels).toMatchObject({
      'dev.nexos.instance': INSTANCE,
      'dev.nexos.deployment': build.owner.deploymentId,
    });
    expect(await fixture.images.listForEnvironment(build.owner.environmentId)).toMatchObject([
      { id: imageId, deploymentId: build.owner.deploymentId, tags: [build.tag] },
    ]);
    expect(await fixture.images.remove(imageId)).toBe('removed');
    expect(await fixture.images.remove(imageId)).toBe('missing');
    expect(await fixture.images.exists(imageId)).toBe(false);
  });

  it('builds the named stage, and says which one the Dockerfile lacks', async () => {
    const dockerfile = `FROM ${BASE_IMAGE} AS tools\nEXPOSE 1\nRUN : ${randomUUID()}\nFROM tools\nEXPOSE 2\n`;
    const build = buildOf(dockerfile, { target: 'tools' });
    const { imageId } = await fixture.builder.build(build);
    expect(await fixture.images.inspect(imageId)).toMatchObject({ exposedPorts: [1] });
    expect(await fixture.images.remove(imageId)).toBe('removed');
    expect(await failureOf(buildOf(dockerfile, { target: 'nothing' }))).toMatchObject({
      code: 'dockerfile_invalid',
      message: expect.stringContaining('has no stage "nothing"') as string,
    });
  });

  it('joins split characters, and drops escape sequences and text overwritten by carriage returns', async () => {
    const script = String.raw`printf '\303'; sleep 0.3; printf '\244\n10%%\r99%%\r\n\033[31mred\033[0m\007\n'`;
    const build = buildOf(`FROM ${BASE_IMAGE}\nRUN : ${randomUUID()}; ${script}`);
    await fixture.builder.build(build);
    const output = build.lines.filter((line) => line.stream === 'stdout').map((line) => line.text);
    expect(output.map((line) => line.replace(/^#\d+ \d+\.\d+ /, ''))).toEqual(['ä', '99%', 'red']);
  });

  it('keeps its own labels when the Dockerfile tries to forge them', async () => {
    const build = buildOf(`FROM ${BASE_IMAGE}\nLABEL dev.nexos.instance=other dev.nexos.project=other`);
    const { imageId } = await fixture.builder.build(build);
    const { labels } = await fixture.images.inspect(imageId);
    expect(labels).toMatchObject(build.labels);
  });
});

describe('the cache mounts of a project', () => {
  const build = (projectId: string, mount: string, command: string) => {
    const owner = { ...newOwner(), projectId };
    const dockerfile = `FROM ${BASE_IMAGE}\nARG BUILDKIT_CACHE_MOUNT_NS=${victim}\nENV BUILDKIT_CACHE_MOUNT_NS=${victim}
RUN --mount=type=cache,target=/cache,id=${mount} : ${randomUUID()}; ${command}`;
    return fixture.builder.build(buildOf(dockerfile, { labels: ownerLabels(INSTANCE, owner) }));
  };
  const victim = newOwner().projectId;

  it('persist for its next build, out of reach of other projects', async () => {
    await build(victim, 'packages', 'echo good > /cache/package');
    const { projectId } = newOwner();
    for (const id of ['packages', `../${victim}/packages`, `/${victim}/packages`, `${victim}/packages`]) {
      await build(projectId, id, 'test ! -e /cache/package && echo planted > /cache/package');
    }
    await build(victim, 'packages', 'test "$(cat /cache/package)" = good');
  });
});

describe('what RUN steps made', () => {
  it('is found by builds of the same scope only', async () => {
    const dockerfile = `FROM ${BASE_IMAGE} AS made
RUN --mount=type=secret,id=TOKEN : ${randomUUID()}; cat /run/secrets/TOKEN > /made || echo none > /made
FROM ${BASE_IMAGE}
COPY --from=made /made /made
RUN cat /made # ${randomUUID()}`;
    const build = async (cacheScope: string | null, secret?: string) => {
      const more = { cacheScope, ...(secret !== undefined && { secrets: { TOKEN: secret } }) };
      const request = buildOf(dockerfile, more);
      await fixture.builder.build(request);
      return { isCached: text(request).includes('CACHED'), text: text(request) };
    };
    // Within a scope, an equal file from an earlier run would do for the last step.
    const [one, two] = [randomUUID(), randomUUID()];
    expect((await build(one, `secret ${one}`)).text).toContain(`secret ${one}`);
    expect((await build(two, `secret ${two}`)).text).toContain(`secret ${two}`);
    const without = await build(null);
    expect(without.text).not.toMatch(/secret [0-9a-f]/);
    expect(without.text).toContain('a step asked for the secret "TOKEN", which this build does not have');
    const again = await build(one, `secret ${one}`);
    expect(again.isCached).toBe(true);
    expect(again.text).not.toContain(`secret ${one}`);
  });
});

describe('a failed build', () => {
  it('names the failed step and its exit code', async () => {
    const build = buildOf(`FROM ${BASE_IMAGE}\nRUN echo boom >&2; exit 3`);
    const failure = await failureOf(build);
    expect(failure).toMatchObject({ code: 'build_step_failed' });
    expect(String(failure)).toContain('"RUN echo boom >&2; exit 3" failed with exit code 3');
    expect(text(build)).toMatch(/^#\d+ \d\.\d+ boom$/m);
    expect(text(build)).toMatch(/^ERROR: The step/m);
  });

  it.each([
    ['an unknown instruction', 'FROM x\nFOO bar', 'dockerfile_invalid', 'line 2: unknown instruction: FOO'],
    ['no content', '', 'dockerfile_invalid', 'cannot be empty'],
    ['no FROM', 'RUN true', 'dockerfile_invalid', 'no build stage'],
    ['a bad image name', 'FROM UPPER:::x', 'dockerfile_invalid', 'invalid reference format'],
    ['a base image nobody has', 'FROM localhost:1/nope:7', 'base_image_unavailable', '"localhost:1/nope:7"'],
    ['a frontend nobody has', '# syntax=localhost:1/fe\nFROM x', 'base_image_unavailable', '# syntax='],
    ['a file to copy that is missing', `FROM ${BASE_IMAGE}\nCOPY gone /`, 'build_step_failed', '"/gone"'],
    [
      'an image to copy from that is missing',
      'FROM scratch\nCOPY --from=localhost:1/i / /',
      'base_image_unavailable',
      '"localhost:1/i:latest"',
    ],
    [
      'an unknown user',
      `FROM ${BASE_IMAGE}\nUSER nobodyhere\nRUN true`,
      'build_step_failed',
      'unable to find user',
    ],
  ])('says what to change about a Dockerfile with %s', async (_, dockerfile, code, words) => {
    const build = buildOf(dockerfile);
    const failure = await failureOf(build);
    expect(failure).toBeInstanceOf(DeploymentFailure);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).toContain(words);
    expect(String(failure) + text(build)).not.toMatch(
      /\/var\/lib|frontend dockerfile|LLB| on \d+\.\d+\.\d+\.\d+:53/,
    );
  });

  it('names the missing Dockerfile', async () => {
    const context = tarOf({ 'README.md': 'no Dockerfile' });
    const failure = await failureOf(buildOf('', { context, dockerfile: 'deploy/Dockerfile.prod' }));
    expect(failure).toMatchObject({ code: 'dockerfile_missing' });
    expect(String(failure)).toContain('"deploy/Dockerfile.prod"');
  });

  it('builds nothing when the guard refuses', async () => {
    const guard = () => Promise.reject(new Error('lease lost'));
    expect(await failureOf(buildOf(`FROM ${BASE_IMAGE}`, { guard }))).toMatchObject({
      message: 'lease lost',
    });
  });

  it('fails with the error of its line handler', async () => {
    const onLine = () => Promise.reject(new Error('log full'));
    expect(await failureOf(buildOf(`FROM ${BASE_IMAGE}`, { onLine }))).toMatchObject({ message: 'log full' });
  });
});

describe('an aborted build', () => {
  it('stops in the middle of a step and leaves no image', async () => {
    const stop = new AbortController();
    const seconds = 4_000 + (process.pid % 1_000);
    const build = buildOf(`FROM ${BASE_IMAGE}\nRUN echo started; sleep ${seconds}`, { signal: stop.signal });
    const failure = failureOf(build);
    await eventually('the step runs', () => /\d started$/m.test(text(build)));
    const begin = performance.now();
    stop.abort(new Error('superseded'));
    expect(await failure).toMatchObject({ message: 'superseded' });
    await eventually('the step has died', async () => !(await isRunning(`sleep ${seconds}`)));
    expect(performance.now() - begin).toBeLessThan(PROMPT_MS);
    expect(await fixture.images.listForEnvironment(build.owner.environmentId)).toEqual([]);
  });

  it('does not start when the signal is already aborted', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    expect(await failureOf(buildOf(`FROM ${BASE_IMAGE}`, { signal }))).toMatchObject({ message: 'too late' });
  });
});

describe('an incomplete build context', () => {
  it('is not built when the archive ends early', async () => {
    const context = new PassThrough();
    context.end((await archive()).subarray(0, 1024));
    expect(await failureOf(buildOf('', { context }))).toMatchObject({ code: 'internal_error' });
  });

  it('fails the build with the error of its stream, midway or before the first byte', async () => {
    const cause = new DeploymentFailure('commit_not_found', 'The commit is gone.');
    const halfWay = new PassThrough();
    halfWay.write((await archive()).subarray(0, 700));
    setTimeout(() => halfWay.destroy(cause), 100);
    expect(await failureOf(buildOf('', { context: halfWay }))).toBe(cause);

    for (const early of [new PassThrough(), Readable.from(tar.pack())]) {
      const failure = failureOf(buildOf('', { context: early }));
      early.destroy(cause);
      expect(await failure).toBe(cause);
    }
  });

  it('fails the build when its stream closes without an error', async () => {
    const context = new PassThrough();
    const failure = failureOf(buildOf('', { context }));
    setTimeout(() => context.destroy(), 100);
    expect(await failure).toBeInstanceOf(Error);
  });
});

async function archive(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of tarOf({ Dockerfile: `FROM ${BASE_IMAGE}\n` })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function isRunning(command: string): Promise<boolean> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.some((line) => line.replaceAll('\0', ' ').trim() === command);
}
