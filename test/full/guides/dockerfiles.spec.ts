import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SECTIONS } from '../../../docs/checks/dockerfile-guide.js';
import { fixture } from '../../support/nexos/fixture.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';
import { GUIDE_APPS, type GuideApp } from './guide-apps.js';
import { phpFpm } from './php-fpm.js';
import { withStandIns } from './stand-ins.js';

const DEADLINE_MS = 900_000;

function filesOf({ from, files }: GuideApp): Record<string, string> {
  if (from === undefined) return { ...files };
  const { folder, paths } = from;
  const taken = Object.entries(fixture(from.fixture)).flatMap(([path, text]) => {
    const inFolder = path.startsWith(folder) ? path.slice(folder.length) : '';
    return inFolder !== '' && paths.test(inFolder) ? [[inFolder, text] as const] : [];
  });
  return { ...Object.fromEntries(taken), ...files };
}

/**
 * Each Dockerfile and nexos.yaml of docs/guides/dockerfiles.md is deployed as it is written, with a small app. Only the public
 * images are replaced, and packages come from the npm registry or Debian alone: others may be out of reach.
 */
describe('docs/guides/dockerfiles.md', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(() => nexos.stop());

  it('has an app here for each section', () => {
    expect(Object.keys(GUIDE_APPS).sort()).toEqual(SECTIONS.map(({ title }) => title).sort());
  });

  it.each(SECTIONS)(
    'deploys $title',
    async ({ title, dockerfiles: [dockerfile = ''], configs: [config = ''] }) => {
      const { images } = inject('system');
      const app = GUIDE_APPS[title] ?? { files: {}, answer: '' };
      const project = await TestProject.create(nexos, { memory_mb: 256 });
      const repository = {
        ...filesOf(app),
        '.dockerignore': '.git\nnode_modules\n.env\n',
        Dockerfile: withStandIns(dockerfile, images),
        'nexos.yaml': config,
      };
      const deployed = await project.deploy(repository, { deadlineMs: DEADLINE_MS });
      expect(deployed).toMatchObject({ status: 'live', failure: null });
      const { id, url } = await project.environment();
      expect((await visit(url)).body).toContain(app.answer);
      await nexos.api.request('POST', `/environments/${id}/destroy`);
    },
  );

  it('runs PHP-FPM behind nginx, as docs/guides/containers.md has it', async () => {
    const project = await TestProject.create(nexos, { memory_mb: 256 });
    const deployed = await project.deploy(phpFpm(inject('system').images), { deadlineMs: DEADLINE_MS });
    expect(deployed).toMatchObject({ status: 'live', failure: null });
    const { url } = await project.environment();
    expect((await visit(url, { path: '/any/path' })).body).toBe('fpm says /any/path');
  });
});
