import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestRepository } from '../../support/git-server/test-repository.js';
import { webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

describe('a repository with submodules and files in Git LFS', () => {
  let nexos: NexosStack;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(async () => {
    await nexos.stop();
  });

  it('deploys with the submodule, and its log names what is missing', async () => {
    const lib = await TestRepository.create(await nexos.createRepository('acme', 'sub-lib'));
    const submodule = await lib.commit({ files: { 'lib.js': 'module.exports = "from the submodule";' } });
    await lib.push();
    await lib.remove();
    const project = await TestProject.create(nexos);
    const module = (name: string, url: string) => `[submodule "${name}"]\n\tpath = ${name}\n\turl = ${url}\n`;
    const deployment = await project.deploy({
      ...webApp('unused'),
      Dockerfile: 'FROM nexos-local/node\nWORKDIR /app\nCOPY . .\nCMD ["node","server.js"]\n',
      'server.js':
        "const lib = require('./lib/lib.js');require('http').createServer((q, r) => r.end(lib)).listen(process.env.PORT)",
      '.gitmodules': module('lib', '../sub-lib.git') + module('local', 'file:///srv/git/local.git'),
      lib: { submodule },
      local: { submodule },
      'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`,
    });
    const log = (await nexos.api.log(deployment.id)).map(({ text }) => text);
    expect(deployment, log.join('\n')).toMatchObject({ status: 'live' });
    const { url } = await project.environment();
    expect(await visit(url)).toMatchObject({ status: 200, body: 'from the submodule' });
    expect(log.filter((line) => line.includes('the submodule'))).toEqual([
      'the submodule local is an empty folder: its address in .gitmodules begins with file://, which is not fetched',
    ]);
    expect(log.filter((line) => line.includes('LFS'))).toEqual([
      'files in Git LFS are not fetched; the build gets their pointers: big.bin',
    ]);
    expect(log.find((line) => line.startsWith('fetched'))).toMatch(/^fetched with 1 submodule in /);
  });
});
