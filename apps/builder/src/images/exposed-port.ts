import { isDeepStrictEqual } from 'node:util';
import { type DeployableImage, DeploymentsRepository } from '@nexos/state';
import { Images } from '@nexos/engine';
import { deploymentSettings, isUnset, type StoredContainer, type StoredSources } from '@nexos/settings';
import { APP_CONTAINER } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { BuildLostError } from '../builds/build-lease.js';
import type { BuildOutput, BuildTask } from '../builds/build-task.js';
import { TaggedLog } from '../builds/tagged-log.js';

const DEFAULT_PORT = deploymentSettings({}).port;

/** Takes the ports of the app and of public containers from the EXPOSE of their images where nobody has set them. */
@Injectable()
export class ExposedPort {
  constructor(
    private readonly deployments: DeploymentsRepository,
    private readonly images: Images,
  ) {}

  /**
   * Makes the one TCP port that a built image exposes the port of its container. The container gets it as PORT, so that one
   * which follows PORT works too, whether its own Dockerfile or its base image exposes the port.
   *
   * @throws {BuildLostError} when this builder no longer holds the build
   */
  async apply(
    { deployment: build, log }: BuildTask,
    { imageId, containerImageIds }: Pick<DeployableImage, 'imageId' | 'containerImageIds'>,
  ): Promise<void> {
    const { settings, settingSources: before } = await this.deployments.get(build.id);
    if (before === null) return;
    const sources = new Map(Object.entries(before));
    const tagged = (name: string) => (settings.containers.length === 0 ? log : new TaggedLog(log, name));
    let { port } = settings;
    if (isUnset(before, 'port') === true) {
      const exposed = await this.exposedBy(imageId, tagged(APP_CONTAINER), 'app');
      port = exposed ?? DEFAULT_PORT;
      note(sources, 'port', exposed);
    }
    const containers: StoredContainer[] = [];
    for (const [at, container] of settings.containers.entries()) {
      const source = `containers.${container.name}.port`;
      const isUnknown = container.port === null || sources.get(source) === 'image';
      if (!container.public || !isUnknown) {
        containers.push(container);
        continue;
      }
      const image = containerImageIds[at] ?? imageId;
      const exposed = await this.exposedBy(image, tagged(container.name), 'container');
      containers.push({ ...container, port: exposed });
      note(sources, source, exposed);
    }
    const after = { ...settings, port, containers };
    const afterSources: StoredSources = Object.fromEntries(sources);
    if (isDeepStrictEqual(after, settings) && isDeepStrictEqual(afterSources, before)) return;
    if (!(await this.deployments.setSettings(build, after, afterSources))) throw new BuildLostError();
  }

  /** Returns the one port that an image exposes; null when it exposes none, or several. */
  private async exposedBy(imageId: string, log: BuildOutput, what: string): Promise<number | null> {
    const { exposedPorts } = await this.images.inspect(imageId);
    const [exposed = 0] = exposedPorts;
    if (exposedPorts.length > 1) {
      log.note(
        `the image exposes the ports ${exposedPorts.join(', ')}; the port is ${DEFAULT_PORT}, as none is set`,
      );
      return null;
    }
    if (exposed === 0) return null;
    log.note(`the image exposes port ${exposed}, which is the port of the ${what}, as none is set`);
    return exposed;
  }
}

/** Notes whether a setting comes from an image. */
function note(sources: Map<string, StoredSources[string]>, name: string, exposed: number | null): void {
  if (exposed === null) sources.delete(name);
  else sources.set(name, 'image');
}
