import { describe, expect, it } from 'vitest';
import type { DeploymentFailure } from '../deployments/deployment-failure.js';
import { assertPublicSources, registryOf, type SourceRules } from './public-sources.js';

type Options = Partial<Pick<SourceRules, 'buildArgs' | 'registries'>>;

function check(dockerfile: string, options: Options = {}): string | null {
  try {
    assertPublicSources(dockerfile, { path: 'Dockerfile', buildArgs: {}, registries: [], ...options });
    return null;
  } catch (error) {
    const { code, message } = error as DeploymentFailure;
    return `${code}: ${message}`;
  }
}

const FROM = 'FROM nexos-local/node\n';

describe('assertPublicSources', () => {
  it('names line, instruction and host, and says what to do', () => {
    expect(check(`# An app\n${FROM}\nADD http://me:secret@127.0.0.1:3301/metrics /m\n`)).toBe(
      'build_source_forbidden: Line 4 of "Dockerfile": ADD names the host "127.0.0.1:3301", which is not public. Fetch from a public host, or commit the file and use COPY.',
    );
    expect(check('FROM 10.0.0.7:5000/base:1\n')).toBe(
      'build_source_forbidden: Line 1 of "Dockerfile": FROM names the host "10.0.0.7:5000", which is not public. Use an image of a public registry; the operator can allow others with REGISTRY_CREDENTIALS.',
    );
    expect(check(FROM, { buildArgs: { BUILDKIT_SYNTAX: 'localhost:5000/frontend' } })).toContain(
      'The build argument BUILDKIT_SYNTAX names the host "localhost:5000"',
    );
  });

  it.each([
    ['another case', `${FROM}add HTTP://127.0.0.1/x /x`],
    ['https', `${FROM}ADD https://localhost/x /x`],
    ['one of several sources', `${FROM}ADD a https://example.com/b http://10.1.2.3/c /d/`],
    ['the JSON form', `${FROM}ADD ["http://127.0.0.1/x", "/x"]`],
    ['escapes in the JSON form', `${FROM}ADD ["http://127.0.0\\u002e1/x", "/x"]`],
    ['flags', `${FROM}ADD --chown=1:1 --checksum=sha256:00 http://127.0.0.1/x /x`],
    ['a quoted flag', `${FROM}ADD --chown="1 1" http://127.0.0.1/x /x`],
    ['a flag with a byte that BuildKit takes for a space', `${FROM}ADD --chown=aÅhttp://127.0.0.1/x /x`],
    ['the end of flags', `${FROM}ADD -- http://127.0.0.1/x /x`],
    ['quotes', `${FROM}ADD "ht"'tp://127.0.0.1/x' /x`],
    ['escapes', `${FROM}ADD ht\\tp://127.0.0.1/x /x`],
    ['a byte order mark that BuildKit ignores', `${FROM}ADD \uFEFFhttp://127.0.0.1/x /x`],
    ['userinfo', `${FROM}ADD http://example.com@127.0.0.1/ /x`],
    ['userinfo with an @', `${FROM}ADD http://a@example.com@127.0.0.1/ /x`],
    ['a query that follows directly', `${FROM}ADD http://127.0.0.1?x /x`],
    ['a backslash after the host', `${FROM}ADD 'http://127.0.0.1\\' /x`],
    ['no host', `${FROM}ADD http:///x /x`],
    ['a continued line', `${FROM}ADD \\\n  http://127.0.0.1/x \\\n /x`],
    ['a word across lines', `${FROM}ADD http://127.\\\n0.0.1/x /x`],
    ['comments and empty lines between', `${FROM}ADD \\\n# a comment\n\n  # another\nhttp://127.0.0.1/x /x`],
    ['blanks after the continuation', `${FROM}ADD \\ \t\nhttp://127.0.0.1/x /x`],
    ['carriage returns', `${FROM}ADD \\\r\nhttp://127.0.0.1/x /x\r\n`],
    ['carriage returns that only old versions keep', `${FROM}RUN true \\\r\r\nADD http://127.0.0.1/x /x\n`],
    ['tabs', `${FROM}\t ADD\thttp://127.0.0.1/x\t/x`],
    ['no-break spaces before the name', `${FROM}\u00a0ADD http://127.0.0.1/x /x`],
    ['another escape character', `# escape=\`\n${FROM}ADD \`\nhttp://127.0.0.1/x /x`],
    [
      'an escape directive after another one',
      `# check=skip=all\n# escape=\`\n${FROM}RUN a \\\nADD http://127.0.0.1/x /x`,
    ],
    [
      'a line that another escape character does not continue',
      `# escape=\`\n${FROM}RUN dir C:\\\nADD http://127.0.0.1/x /x`,
    ],
    ['an argument of a stage', `${FROM}ARG H=127.0.0.1\nADD http://$H/x /x`],
    ['an argument from before the first stage', `ARG H=127.0.0.1\n${FROM}ARG H\nADD http://\${H}/x /x`],
    ['an argument in an argument', `${FROM}ARG A=0.0.1\nARG H=127.$A\nADD http://$H/x /x`],
    ['an argument in the same instruction', `${FROM}ARG A=x H=\${A:+127.0.0.1}\nADD http://$H/x /x`],
    [
      'an argument before it is set, in old versions',
      `${FROM}ARG A=x H=\${A:-127.0.0.1}\nADD http://$H/x /x`,
    ],
    ['a variable', `${FROM}ENV H=127.0.0.1\nADD http://$H/x /x`],
    ['a variable in the old form', `${FROM}ENV H 127.0.0.1\nADD http://$H/x /x`],
    [
      'a variable that overrides an argument',
      `${FROM}ARG H=example.com\nENV H=127.0.0.1\nADD http://$H/x /x`,
    ],
    ['a whole URL in a variable', `${FROM}ENV U="http://127.0.0.1/x"\nADD $U /x`],
    ['a variable with a computed name', `${FROM}ENV N=H\nENV $N=127.0.0.1\nADD http://$H/x /x`],
    ['a variable of an earlier stage', `FROM scratch AS a\nENV H=127.0.0.1\nFROM a\nADD http://$H/x /x`],
    ['a default value', `FROM scratch\nADD http://\${H:-127.0.0.1}/x /x`],
    ['a default value without a colon', `FROM scratch\nADD http://\${H-127.0.0.1}/x /x`],
    ['an empty value', `FROM scratch\nARG H=\nADD http://\${H:-127.0.0.1}/x /x`],
    ['an alternative value', `${FROM}ARG H=x\nADD http://\${H:+127.0.0.1}/x /x`],
    ['a required value', `${FROM}ARG H=127.0.0.1\nADD http://\${H:?no}/x /x`],
    ['a removed prefix', `${FROM}ARG H=xx127.0.0.1\nADD http://\${H##*x}/x /x`],
    ['a removed suffix', `${FROM}ARG H=127.0.0.1.example.com\nADD http://\${H%.e*}/x /x`],
    ['a replaced part', `${FROM}ARG H=127-0-0-1\nADD http://\${H//-/.}/x /x`],
    ['a replacement that repeats the match', `${FROM}ENV R='$0' H=127.0.0.1\nADD http://\${H//127*/$R}/x /x`],
    ['nested substitutions', `FROM scratch\nADD http://\${A:-\${B:-127.0.0.1}}/x /x`],
    ['a default path', `FROM scratch\nADD http://\${PATH:+127.0.0.1}/x /x`],
    ['the platform', `${FROM}ARG TARGETARCH\nADD http://\${TARGETARCH:+127.0.0.1}/x /x`],
    ['an arithmetic of the platform', `ARG TARGETARCH\nFROM 10.0.0.\${TARGETARCH#amd}/x`],
    ['git over https', `${FROM}ADD https://127.0.0.1/x.git#main:sub /x`],
    ['git over ssh', `${FROM}ADD ssh://git@10.0.0.1:22/x.git /x`],
    ['the git protocol', `${FROM}ADD git://localhost/x.git /x`],
    ['the short form of git', `${FROM}ADD git@127.0.0.1:a/b.git /x`],
    ['the short form of git with a local name', `${FROM}ADD git@gitea:a/b.git /x`],
    ['the short form of git without a user', `${FROM}ADD localhost:a/b.git /x`],
    ['a trigger', `${FROM}ONBUILD ADD http://127.0.0.1/x /x`],
    [
      'a trigger with variables of the stage that it runs in',
      `ARG H=127.0.0.1\nFROM scratch AS a\nARG H=example.com\nONBUILD ARG H\nONBUILD ADD http://$H/x /x\nFROM a`,
    ],
    [
      'a shell here-document that old versions do not know',
      `${FROM}RUN <<EOF\nADD http://127.0.0.1/x /x\nEOF`,
    ],
    ['a line after a here-document', `${FROM}COPY <<EOF /a\nx\nEOF\nADD http://127.0.0.1/x /x`],
    [
      'a here-document with a hidden end',
      `${FROM}ARG H=127.0.0.1\nCOPY <<-"A B" /a\nARG H=example.com\n\t\tA B\nADD http://$H/x /x`,
    ],
    ['no here-document in JSON form', `${FROM}RUN ["<<EOF"]\nADD http://127.0.0.1/x /x\nEOF`],
    [
      'no here-document after a bad substitution',
      `${FROM}RUN true \${ <<EOF\nADD http://127.0.0.1/x /x\nEOF`,
    ],
    ['a stage that nothing uses', `FROM scratch AS unused\nADD http://127.0.0.1/x /x\n${FROM}`],
  ])('rejects ADD with %s', (_, dockerfile) => {
    expect(check(dockerfile)).toMatch(/^build_source_forbidden: Line \d+ of "Dockerfile": (?:ADD|FROM) /);
  });

  it.each([
    ['FROM', 'FROM 127.0.0.1:5000/x'],
    ['FROM with a platform', 'FROM --platform=linux/amd64 127.0.0.1:5000/x AS a'],
    ['FROM localhost', 'from localhost/x'],
    ['FROM with an address of few parts', 'FROM 127.1/x'],
    ['FROM with an IPv6 address', 'FROM [::1]:5000/x'],
    ['FROM with a single name', 'FROM registry:5000/x'],
    ['FROM with an upper-case name', 'FROM LOCALHOST/x'],
    ['FROM with a digest', `FROM 10.0.0.1/x@sha256:${'0'.repeat(64)}`],
    ['FROM with an argument', 'ARG R=127.0.0.1:5000\nFROM $R/x'],
    ['FROM with a part of a name', 'ARG T=5000/x\nFROM node:$T'],
    ['FROM with a quoted name', 'FROM "127.0.0.1:5000/x"'],
    ['FROM of a second stage', `${FROM}FROM 127.0.0.1:5000/x`],
    ['COPY --from', `${FROM}COPY --from=127.0.0.1:5000/x /a /b`],
    ['COPY --from after other flags', `${FROM}COPY --chown=1 --link --from=localhost/x /a /b`],
    ['COPY --from in quotes', `${FROM}COPY --from="localhost/x" /a /b`],
    ['COPY --from in a trigger', `${FROM}ONBUILD COPY --from=localhost/x /a /b`],
    ['RUN --mount', `${FROM}RUN --mount=type=bind,from=127.0.0.1:5000/x,target=/x true`],
    ['RUN --mount in another order', `${FROM}RUN --network=none --mount=from=10.0.0.1/x,target=/x true`],
    ['RUN --mount in quotes', `${FROM}RUN --mount=\\"FROM=10.0.0.1/x\\",target=/x true`],
    ['# syntax', `# syntax=127.0.0.1:5000/x\n${FROM}`],
    ['# syntax with blanks, in another case', `#  SYNTAX  =  localhost/x foo\n${FROM}`],
    ['# syntax after # escape', `# escape=\\\n# syntax=localhost/x\n${FROM}`],
    ['# syntax after a byte order mark', `\uFEFF# syntax=localhost/x\r\n${FROM}`],
    ['# syntax after a first line of a script', `#!/usr/bin/x\n# syntax=localhost/x\n${FROM}`],
    ['// syntax', `// syntax=localhost/x\nanything`],
    ['syntax in JSON', `{"\\u0073yntax": "localhost/x"}`],
  ])('rejects %s of a host that is not public', (_, dockerfile) => {
    expect(check(dockerfile)).toMatch(/^build_source_forbidden: Line \d+ of "Dockerfile": \S/);
  });

  it('applies the build arguments of the project', () => {
    const dockerfile = 'ARG R=docker.io\nFROM $R/library/node\nARG H=example.com\nADD http://$H/x /x\n';
    expect(check(dockerfile)).toBeNull();
    expect(check(dockerfile, { buildArgs: { R: '127.0.0.1:5000' } })).toContain('Line 2');
    expect(check(dockerfile, { buildArgs: { H: '127.0.0.1' } })).toContain('Line 4');
    expect(
      check(`${FROM}ARG H=127.0.0.1\nADD http://$H/x /x`, { buildArgs: { H: 'example.com' } }),
    ).toBeNull();
  });

  it('allows the operator’s own registries for images, with exactly their port', () => {
    const options = { registries: ['10.0.0.7:5000', 'localhost'] };
    expect(
      check('# syntax=10.0.0.7:5000/a\nFROM localhost/b\nCOPY --from=10.0.0.7:5000/c /a /b', options),
    ).toBeNull();
    expect(check('FROM 10.0.0.7:5001/base', options)).toContain('"10.0.0.7:5001"');
    expect(check('FROM 10.0.0.7/base', options)).toContain('"10.0.0.7"');
    expect(check('FROM 10.0.0.07:5000/base', options)).toContain('"10.0.0.07:5000"');
    expect(check(`${FROM}ADD http://10.0.0.7:5000/v2/ /x`, options)).toContain('ADD');
  });

  it.each([
    ['images without a registry', 'FROM nexos-local/node\nCOPY --from=node:22 /a /b\nCOPY --from=0 /a /b'],
    [
      'images of public registries',
      'FROM ghcr.io/a/b:1 AS x\nFROM docker.io/library/node:22@sha256:00\nFROM quay.io:443/a',
    ],
    ['a frontend of a public registry', `# syntax=docker/dockerfile:1\n${FROM}`],
    ['stages', 'FROM node AS localhost\nFROM localhost\nCOPY --from=localhost /a /b'],
    ['scratch', 'FROM scratch\nCOPY a /a'],
    ['numbers that are no registry', 'FROM 2130706433/x'],
    ['public URLs', `${FROM}ADD https://example.com/127.0.0.1/x http://8.8.8.8/y /z/`],
    ['public git addresses', `${FROM}ADD git@github.com:a/b.git https://github.com/a/b.git#v1 /x`],
    ['files', `${FROM}ADD a b:c ./d:e f.txt:g 127.0.0.1 localhost/x /y/`],
    ['a host in a path', `${FROM}ADD https://example.com/?u=http://127.0.0.1/ /x`],
    [
      'a private host in other instructions',
      `${FROM}ENV U=http://127.0.0.1/\nRUN curl http://127.0.0.1/\nCMD ["http://127.0.0.1"]\nLABEL x=http://10.0.0.1/\nHEALTHCHECK CMD curl http://localhost/`,
    ],
    [
      'a private host in a comment',
      `# ADD http://127.0.0.1/x /x\n${FROM}RUN a \\\n# ADD http://127.0.0.1/x /x\n  b`,
    ],
    [
      'a private host in a here-document',
      `${FROM}RUN <<EOF\ncurl http://127.0.0.1/\nEOF\nCOPY <<EOF /x\nhttp://10.0.0.1/\nEOF`,
    ],
    [
      'a version that the base image sets, in a path',
      `${FROM}ADD https://example.com/v$VERSION/\${NAME:-x}.tgz /x`,
    ],
    ['a folder that the base image names', `${FROM}ADD src/$NAME /x`],
    [
      'a mount without an image',
      `${FROM}RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=x npm ci`,
    ],
    ['a version of an argument', 'ARG V=22.1\nFROM node:${V%%.*}\nFROM node:${TAG:-22}'],
    ['nothing', ''],
    ['a file that is no Dockerfile', '\u0000\u0001 $ " \' ${'],
  ])('allows %s', (_, dockerfile) => {
    expect(check(dockerfile)).toBeNull();
  });

  it.each([
    ['inserts it', 'ADD http://$H/x /x'],
    ['tests it', 'ADD http://example.com${NODE_VERSION:+@127.0.0.1}/ /x'],
    ['removes a part of it', 'ADD http://${H#x}/ /x'],
    ['begins with it', 'ADD $U /x'],
    ['completes the start of a URL with it', 'ADD http:/$U /x'],
    ['copies it', 'ENV A=$B\nADD http://$A/ /x'],
    ['names an argument without a value', 'ARG H\nADD http://$H/ /x'],
    ['sets a variable by it', 'ARG H=example.com\nENV ${NODE_VERSION:+H}=127.0.0.1\nADD http://$H/ /x'],
  ])('rejects ADD when only the base image can know the host, as the Dockerfile %s', (_, lines) => {
    expect(check(FROM + lines)).toContain('takes its host from a variable that the Dockerfile does not set.');
  });

  it.each([
    ['variables that double', `ENV A=aaaaaaaaaaaaaaaa\n${'ENV A=$A$A\n'.repeat(60)}`],
    ['a pattern that matches slowly', `ENV A=${'a'.repeat(30_000)}\nENV B=\${A##${'*a'.repeat(10_000)}b}\n`],
    ['a replacement that grows', `ENV A=${'a'.repeat(30_000)}\nENV B=\${A//?/$A}\n`],
    ['many triggers', `FROM a AS a\n${'ONBUILD ENV A=1\n'.repeat(20_000)}${'FROM a\n'.repeat(20_000)}`],
    ['a very large file', 'ENV A=$B\n'.repeat(400_000)],
  ])('rejects %s soon', (_, lines) => {
    const began = performance.now();
    expect(check(FROM + lines)).toContain('dockerfile_invalid: "Dockerfile" is too complex');
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('registryOf', () => {
  it.each([
    ['postgres:17-bookworm', null],
    ['versity/versitygw:v1.8.0', null],
    ['ghcr.io/a/b', 'ghcr.io'],
    ['10.0.0.7:5000/postgres:17', '10.0.0.7:5000'],
    ['localhost/postgres', 'localhost'],
  ])('returns the registry of %s', (image, registry) => {
    expect(registryOf(image)).toBe(registry);
  });
});
