import { describe, expect, it } from 'vitest';
import { placeOfStep } from './step-place.js';

const DOCKERFILE = `# a comment
ARG VERSION=22
FROM node:\${VERSION} AS Deps
WORKDIR /app
RUN npm install

FROM node:22
ENV A=1
RUN npm install
COPY --from=registry.example/tools:1 \\
  /x /x
COPY . .
RUN npm install
`;

describe('placeOfStep', () => {
  it.each([
    ['[deps 3/3] RUN npm install', { line: 5, stage: 'deps' }],
    ['[stage-1 2/5] RUN npm install', { line: 9, stage: 'stage-1' }],
    ['[linux/amd64 stage-1 3/5] COPY --from=registry.example/tools:1 /x /x', { line: 10, stage: 'stage-1' }],
    ['[stage-1 5/5] RUN npm install', { line: 13, stage: 'stage-1' }],
    ['[internal] load metadata for docker.io/library/node:22', { line: 3, stage: 'deps' }],
    ['[deps 1/3] FROM docker.io/library/node:22@sha256:aa', { line: 3, stage: 'deps' }],
    ['FROM registry.example/tools:1', { line: 10, stage: 'stage-1' }],
    ['[stage-1 2/5] COPY . .', null],
    ['[gone 2/2] RUN x', null],
    ['exporting to image', null],
  ])('finds %j', (step, place) => {
    expect(placeOfStep(DOCKERFILE, {}, step)).toEqual(place);
  });

  it('counts from the end, because a base image can run triggers first', () => {
    expect(placeOfStep('FROM x\nRUN a\nRUN b\n', {}, '[4/5] RUN a')).toEqual({ line: 2, stage: null });
    expect(placeOfStep('FROM scratch AS only\nCOPY a /\n', {}, '[only 1/1] COPY a /')).toEqual({
      line: 2,
      stage: 'only',
    });
  });

  it('reads the padded numbers of a stage with ten steps or more', () => {
    const runs = Array.from({ length: 11 }, (_, at) => `RUN step ${at}\n`).join('');
    const unnamed = { line: 2, stage: null };
    expect(placeOfStep(`FROM x\n${runs}`, {}, '[ 2/12] RUN step 0')).toEqual(unnamed);
    expect(placeOfStep(`FROM x\n${runs}`, {}, '[12/12] RUN step 10')).toEqual({ line: 12, stage: null });
    const named = placeOfStep(`FROM x AS build\n${runs}`, {}, '[build 2/12] RUN step 0');
    expect(named).toEqual({ line: 2, stage: 'build' });
  });

  it('reads here-documents, and follows build arguments', () => {
    const dockerfile = 'ARG BASE\nFROM $BASE\nRUN <<EOF\nRUN no\nEOF\nRUN yes\n';
    expect(placeOfStep(dockerfile, {}, '[2/3] RUN <<EOF (RUN no)')).toMatchObject({ line: 3 });
    expect(placeOfStep(dockerfile, {}, '[3/3] RUN yes')).toMatchObject({ line: 6 });
    const metadata = '[internal] load metadata for docker.io/octo/app:latest';
    expect(placeOfStep(dockerfile, { BASE: 'octo/app' }, metadata)).toMatchObject({ line: 2 });
  });

  it('finds the ADD that fetches a URL', () => {
    const dockerfile =
      'FROM a AS base\nADD https://example.com/a /\nFROM b\nARG V=1\nADD x https://example.com/$V.tgz /x/\n';
    const place = { line: 5, stage: 'stage-1' };
    expect(placeOfStep(dockerfile, {}, 'https://example.com/1.tgz')).toEqual(place);
    expect(placeOfStep(dockerfile, { V: '2' }, 'https://example.com/2.tgz')).toEqual(place);
    expect(placeOfStep(dockerfile, {}, 'https://example.com/a')).toEqual({ line: 2, stage: 'base' });
    expect(placeOfStep(dockerfile, {}, 'https://example.com/2.tgz')).toBeNull();
  });

  it('gives up on a Dockerfile that takes too long to read', () => {
    expect(placeOfStep(`FROM a\n${'ARG A=$A$A$A$A\n'.repeat(50_000)}RUN x\n`, {}, '[2/2] RUN x')).toBeNull();
  });
});
