import { describe, expect, it } from 'vitest';
import { keepsFile, namesFile } from './names-file.js';

describe('namesFile', () => {
  it.each([
    'COPY nexos.yaml ./',
    'COPY package.json ./nexos.yaml ./',
    'COPY apps/web/nexos.yaml /app/',
    'COPY ["nexos.yaml", "/app/"]',
    'ADD nexos.yaml .',
    'COPY . .\nRUN cat nexos.yaml',
    'RUN --mount=type=bind,source=nexos.yaml,target=/n cat /n',
    'ARG CONFIG=nexos.yaml\nCOPY $CONFIG .',
    'COPY *.yaml ./',
    'COPY nexos.* ./',
    'COPY package*.json n*.y?ml ./',
    'COPY nexo[s].yaml ./',
    'COPY ${NAME}.yaml ./',
    'COPY $NAME.yaml ./',
    'COPY package.json \\\n  nexos.yaml \\\n  ./',
  ])('finds the file in %j', (dockerfile) => {
    expect(namesFile(`FROM node\n${dockerfile}\n`, 'nexos.yaml')).toBe(true);
    expect(namesFile(`FROM node\n${dockerfile}\n`, './apps/web/nexos.yaml')).toBe(true);
  });

  it.each([
    'COPY . .',
    'COPY . /app',
    'COPY * ./',
    'COPY ./* ./',
    'COPY src/** ./',
    'COPY package*.json ./',
    'COPY *.json *.js ./',
    'COPY $SOURCES ./',
    'COPY config.yaml ./',
    '# COPY nexos.yaml ./',
    'RUN echo ${PATH} *',
  ])('does not find it in %j', (dockerfile) => {
    expect(namesFile(`FROM node\n${dockerfile}\n`, 'nexos.yaml')).toBe(false);
  });

  it.each([
    'COPY config/ /app/config/',
    'COPY config /app/',
    'COPY ./config/. /app/',
    'COPY config/* /app/',
    'COPY /config/** /app/',
    'COPY conf* /app/',
    'COPY package.json \\\n\n  config \\\n  /app/',
    'COPY ["config", "/app/"]',
    'COPY --from=build --chown=1:1 /src/config/ /app/',
    'ADD apps/config/ /app/',
    'RUN --mount=type=bind,source=config,target=/c ls /c',
    'ARG FOLDER=config\nCOPY $FOLDER/ /app/',
    'COPY . .\nRUN (cd config; cat *)',
  ])('finds the folder of the file in %j', (dockerfile) => {
    expect(namesFile(`FROM node\n${dockerfile}\n`, 'config/nexos.yaml')).toBe(true);
    expect(namesFile(`FROM node\n${dockerfile}\n`, './apps/config/web/nexos.yaml')).toBe(true);
    expect(namesFile(`FROM node\n${dockerfile}\n`, 'nexos.yaml')).toBe(false);
  });

  it.each([
    'COPY . .',
    'COPY ./ /app/config/',
    'COPY * config/',
    'COPY ["src", "config"]',
    'COPY src/ /app/',
    'COPY config/package.json config/',
    'COPY configs/ /app/',
    '# COPY config/ /app/',
  ])('does not find the folder of the file in %j', (dockerfile) => {
    expect(namesFile(`FROM node\n${dockerfile}\n`, 'config/nexos.yaml')).toBe(false);
  });

  it('reads a large Dockerfile in no time', () => {
    const lines = [
      '${'.repeat(100_000),
      '*'.repeat(100_000),
      '[\\'.repeat(100_000),
      `${'a'.repeat(100_000)}*`,
      '/'.repeat(100_000),
      '/*'.repeat(100_000),
      '\\ \n'.repeat(30_000),
      '\\\n\n'.repeat(30_000),
    ];
    const began = Date.now();
    for (const line of lines) namesFile(`COPY ${line} .`, `${'a/'.repeat(100)}nexos.yaml`);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('keepsFile', () => {
  it('finds the exceptions of a .dockerignore', () => {
    expect(keepsFile('*\n!nexos.yaml\n', 'nexos.yaml')).toBe(true);
    expect(keepsFile('*\n!*.yaml\n', 'nexos.yaml')).toBe(true);
    expect(keepsFile('nexos.yaml\n!src\n', 'nexos.yaml')).toBe(false);
    expect(keepsFile('', 'nexos.yaml')).toBe(false);
    expect(keepsFile('*\n!config\n', 'config/nexos.yaml')).toBe(false);
  });
});
