import { BuilderConfig } from '@nexos/config';
import type { Images } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import type { BuildTask } from '../builds/build-task.js';
import { ImageLimits, type NewImage } from './image-limits.js';

const MIB = 1024 * 1024;
const TASK = { project: { id: 'proj_1' }, deployment: { id: 'dep_1' } } as BuildTask;
const APP: NewImage = { id: 'app' };
const HOOKS: NewImage = { id: 'hooks', target: 'build' };

/** @param sizes in MiB, by the id of the image */
function makeRoom(sizes: Record<string, number>, limits: Partial<BuilderConfig>): Promise<void> {
  const facts = (id: string) => ({ id, deploymentId: 'dep_1', sizeBytes: (sizes[id] ?? 0) * MIB });
  const images = {
    inspect: (id: string) => Promise.resolve(facts(id)),
    list: () => Promise.resolve(Object.keys(sizes).map(facts)),
    layers: (id: string) => Promise.resolve([{ id: `layer of ${id}`, sizeBytes: (sizes[id] ?? 0) * MIB }]),
  } as unknown as Images;
  const config = Object.assign(new BuilderConfig(), limits);
  return new ImageLimits(images, {} as never, config).makeRoom(TASK, [APP, HOOKS]);
}

describe('ImageLimits', () => {
  it('says which image is too large', async () => {
    await expect(makeRoom({ app: 100, hooks: 900 }, { imageMaxMb: 500 })).rejects.toMatchObject({
      code: 'image_too_large',
      message: expect.stringMatching(
        /^The image of the stage build \(hooks\.target\) is 900 MiB; the limit is 500 MiB\. /,
      ) as string,
    });
    await expect(makeRoom({ app: 900, hooks: 900 }, { imageMaxMb: 500 })).rejects.toMatchObject({
      message: expect.stringMatching(/^The image is 900 MiB; /) as string,
    });
  });

  it("says which image exceeds the limit of the project's images", async () => {
    await expect(makeRoom({ app: 100, hooks: 900 }, { projectImagesMaxMb: 500 })).rejects.toMatchObject({
      code: 'image_limit',
      message: expect.stringMatching(
        /^With the image of the stage build \(hooks\.target\), which is 900 MiB, the project's images take 1000 MiB; /,
      ) as string,
    });
    await expect(makeRoom({ app: 900, hooks: 100 }, { projectImagesMaxMb: 500 })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^With this image of 900 MiB, the project's images take 1000 MiB; /,
      ) as string,
    });
  });

  it('accepts images within the limits', async () => {
    await makeRoom({ app: 100, hooks: 300 }, { imageMaxMb: 300, projectImagesMaxMb: 400 });
  });
});
