import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { EngineConfig, ServicesConfig } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { type BuildRequest, type ImageBuilder } from '@nexos/engine';
import { type RepositoryMirror } from '@nexos/git';
import { deploymentSettings } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import type { BuildTask } from '../builds/build-task.js';
import { CacheScopes } from './cache-scopes.js';
import { SourceBuilder } from './source-builder.js';

const CREDENTIALS = new Map([['ghcr.io', { user: 'acme', password: 'a-password-of-ghcr' }]]);

/** Builds the image of a container that names one of a registry; returns what the engine gets. */
async function take(image: string, registry?: string): Promise<BuildRequest> {
  const requests: BuildRequest[] = [];
  const builder = {
    build: (request: BuildRequest) => {
      requests.push(request);
      return Promise.resolve({ imageId: 'sha256:1' });
    },
  };
  const config = Object.assign(new EngineConfig(), { registry });
  const sources = new SourceBuilder(
    {} as RepositoryMirror,
    builder as unknown as ImageBuilder,
    config,
    new ServicesConfig(),
    new CacheScopes(new Sealer({ key: randomBytes(32).toString('base64'), oldKeys: [] })),
  );
  await sources.build({
    task: {
      deployment: { id: 'dep_1', environmentId: 'env_1', branch: 'main' },
      project: { id: 'proj_1' },
      log: { note: () => undefined },
    } as unknown as BuildTask,
    sha: 'a'.repeat(40),
    settings: deploymentSettings({}),
    inputs: { secrets: { TOKEN: 'of builds' }, buildArgs: () => ({}), credentials: CREDENTIALS },
    source: { image, dockerfile: null, context: null, target: null },
    warned: new Set(),
  });
  const [request] = requests;
  if (request === undefined) throw new Error('nothing was built');
  return request;
}

describe("the image of a container's registry", () => {
  it("is pulled with the project's credentials, and gets no secret of builds", async () => {
    const request = await take('ghcr.io/acme/search:1');
    expect(request.credentials).toBe(CREDENTIALS);
    expect(request.secrets).toBeUndefined();
    const { context } = request;
    expect(context instanceof Readable && (await text(context))).toContain('FROM ghcr.io/acme/search:1\n');
  });

  it('must be public, unless the operator has configured its registry', async () => {
    await expect(take('10.0.0.5:5000/acme/search:1')).rejects.toMatchObject({
      code: 'build_source_forbidden',
      message:
        'The image "10.0.0.5:5000/acme/search:1" names the host "10.0.0.5:5000", which is not public. Use an image of a public registry; the operator can allow others with REGISTRY_CREDENTIALS.',
    });
    await take('10.0.0.5:5000/acme/search:1', '10.0.0.5:5000');
  });
});
