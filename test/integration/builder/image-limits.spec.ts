import { randomBytes } from 'node:crypto';
import { BuilderConfig } from '@nexos/config';
import { type DeploymentEntity, type ProjectEntity } from '@nexos/database';
import { ImagesRepository } from '@nexos/state';
import { newImageTag, ownerLabels } from '@nexos/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { BuildTask } from '../../../apps/builder/src/builds/build-task.js';
import { ImageLimits } from '../../../apps/builder/src/images/image-limits.js';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment } from '../../support/rows.js';
import {
  BASE_IMAGE,
  buildOf,
  engineFixture,
  INSTANCE,
  removeLeftovers,
  tarOf,
  type EngineFixture,
} from '../engine/engine-fixture.js';

const MIB = 1024 * 1024;

let database: TestDatabase;
let engine: EngineFixture;
let baseMb: number;
let project: ProjectEntity;
let number = 0;
const said: string[] = [];

beforeAll(async () => {
  await removeLeftovers();
  database = await TestDatabase.create(inject('system'));
  engine = await engineFixture();
  baseMb = Math.ceil((await engine.images.inspect(BASE_IMAGE)).sizeBytes / MIB);
});
afterAll(async () => {
  await engine.close();
  await removeLeftovers();
  await database.drop();
});
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});

interface Version {
  readonly id: string;
  readonly environmentId: string;
  readonly imageId: string;
}

/** Creates a version with that status, and a real image with `mib` MiB on top of the base image. */
async function aVersion(status: string, mib: number, of = project): Promise<Version> {
  const { id, environmentId } = await createQueuedDeployment(database, { project: of, number: ++number });
  const owner = { projectId: of.id, environmentId, deploymentId: id };
  const { imageId } = await engine.builder.build(
    buildOf('', {
      context: tarOf({
        Dockerfile: `FROM ${BASE_IMAGE}\nWORKDIR /app\nCOPY file .\nCMD ["true"]\n`,
        // Characters of one byte each.
        file: randomBytes((mib * MIB) / 2).toString('hex'),
      }),
      tag: newImageTag(INSTANCE, id),
      labels: ownerLabels(INSTANCE, owner),
    }),
  );
  await database.dataSource.query(
    `UPDATE deployments SET status = $2, image_id = $3, image_node_id = 'node',
            finished_at = CASE WHEN $2 = 'replaced' THEN now() END
     WHERE id = $1`,
    [id, status, imageId],
  );
  return { id, environmentId, imageId };
}

/** @param more versions whose images count as further ones of this version */
function makeRoom(
  version: Version,
  limits: Partial<BuilderConfig>,
  more: readonly Version[] = [],
): Promise<void> {
  const order = {
    deployment: { id: version.id } as DeploymentEntity,
    project,
    log: { note: (text: string) => void said.push(text) },
    guard: () => Promise.resolve(),
  } as unknown as BuildTask;
  const config = Object.assign(new BuilderConfig(), limits);
  return new ImageLimits(engine.images, database.repository(ImagesRepository), config).makeRoom(
    order,
    [version, ...more].map(({ imageId: id }) => ({ id })),
  );
}

const exists = ({ imageId }: Version) => engine.images.exists(imageId);
const isMarkedRemoved = async ({ id }: Version) =>
  (await database.rows('SELECT 1 FROM deployments WHERE id = $1 AND image_removed_at IS NOT NULL', [id]))
    .length === 1;

describe('ImageLimits', () => {
  it('counts shared layers once', async () => {
    const live = await aVersion('live', 2);
    const old = await aVersion('replaced', 2);
    await makeRoom(await aVersion('building', 2), { projectImagesMaxMb: baseMb + 7 });
    expect([await exists(live), await exists(old), await isMarkedRemoved(old)]).toEqual([true, true, false]);
  });

  it('removes the oldest image that only serves rollbacks first', async () => {
    const oldest = await aVersion('replaced', 2);
    const live = await aVersion('live', 2);
    const old = await aVersion('replaced', 2);
    const foreign = await aVersion('replaced', 4, await insertProject(database.dataSource.manager));
    const fresh = await aVersion('building', 2);
    await makeRoom(fresh, { projectImagesMaxMb: baseMb + 7 });
    expect([await exists(oldest), await isMarkedRemoved(oldest)]).toEqual([false, true]);
    for (const kept of [live, old, fresh, foreign]) {
      expect([await exists(kept), await isMarkedRemoved(kept)]).toEqual([true, false]);
    }
    expect(said.at(-1)).toBe(`removed the image of ${oldest.id} to make room for this one`);
  });

  it('rejects a new image instead of removing a live one', async () => {
    const live = await aVersion('live', 4);
    const deploying = await aVersion('deploying', 2);
    const fresh = await aVersion('building', 2);
    await expect(makeRoom(fresh, { projectImagesMaxMb: baseMb + 5 })).rejects.toMatchObject({
      code: 'image_limit',
      message: expect.stringMatching(
        /^With this image of \d+ MiB, the project's images take \d+ MiB; the limit is \d+ MiB\. Make the image smaller/,
      ) as string,
    });
    expect([await exists(live), await exists(deploying)]).toEqual([true, true]);
  });

  it('removes no old image for a new one that would not fit anyway', async () => {
    const old = await aVersion('replaced', 2);
    const fresh = await aVersion('building', 4);
    await expect(makeRoom(fresh, { projectImagesMaxMb: baseMb + 2 })).rejects.toMatchObject({
      code: 'image_limit',
    });
    expect([await exists(old), await isMarkedRemoved(old)]).toEqual([true, false]);
  });

  it('counts an image that a container still uses', async () => {
    const old = await aVersion('replaced', 2);
    const fresh = await aVersion('building', 2);
    vi.spyOn(engine.images, 'remove').mockResolvedValueOnce('in-use');
    await expect(makeRoom(fresh, { projectImagesMaxMb: baseMb + 3 })).rejects.toMatchObject({
      code: 'image_limit',
    });
    expect(await exists(old)).toBe(true);
  });

  it('limits the size of each image', async () => {
    const fresh = await aVersion('building', 2);
    await expect(makeRoom(fresh, { imageMaxMb: baseMb })).rejects.toMatchObject({ code: 'image_too_large' });
    await makeRoom(fresh, { imageMaxMb: baseMb + 3 });
    const forHooks = await aVersion('live', 5);
    await expect(makeRoom(fresh, { imageMaxMb: baseMb + 3 }, [forHooks])).rejects.toMatchObject({
      code: 'image_too_large',
    });
  });
});
