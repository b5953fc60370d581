import { EngineConfig, loadConfig } from '@nexos/config';
import { EngineModule, ImageBuilder } from '@nexos/engine';
import { NestFactory } from '@nestjs/core';
import Docker from 'dockerode';
import { DOCKERFILE, tarOfContext } from '../integration/packaging/build-context.js';

const INSTANCE = 'packaging-test';
const LABEL = `dev.nexos.instance=${INSTANCE}`;

export interface RunOptions {
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly hostConfig?: Docker.HostConfig;
}

/** The image built from docker/Dockerfile, and the containers that tests run from it. */
export class ProductionImage {
  private constructor(
    private readonly docker: Docker,
    readonly id: string,
    readonly facts: Docker.ImageInspectInfo,
  ) {}

  /** @param base replaces the Node.js image that the Dockerfile names */
  static async build(base: string): Promise<ProductionImage> {
    const docker = new Docker();
    await removeAll(docker);
    const { engine: config } = loadConfig(
      { engine: EngineConfig },
      { ...process.env, NEXOS_INSTANCE: INSTANCE },
    );
    const app = await NestFactory.createApplicationContext(EngineModule.forRoot(config), { logger: false });
    const lines: string[] = [];
    try {
      const { imageId } = await app.get(ImageBuilder).build({
        context: tarOfContext(),
        dockerfile: DOCKERFILE,
        tag: `nexos-${INSTANCE}:latest`,
        labels: { 'dev.nexos.instance': INSTANCE },
        buildArgs: { NODE_IMAGE: base },
        signal: AbortSignal.timeout(600_000),
        onLine: ({ text }) => void lines.push(text),
      });
      return new ProductionImage(docker, imageId, await docker.getImage(imageId).inspect());
    } catch (error) {
      throw new Error(`the image could not be built:\n${lines.slice(-40).join('\n')}`, { cause: error });
    } finally {
      await app.close();
    }
  }

  /** Runs a command to its end, by default the image's own. */
  async run(options: RunOptions): Promise<{ exitCode: number; output: string }> {
    const container = await this.start(options);
    const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
    return { exitCode, output: await outputOf(container) };
  }

  /** Starts a container with no capability, and no way to gain one. */
  async start({ command, env = {}, hostConfig = {} }: RunOptions): Promise<Docker.Container> {
    const container = await this.docker.createContainer({
      Image: this.id,
      Labels: { 'dev.nexos.instance': INSTANCE },
      Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      Tty: true,
      HostConfig: { CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], ...hostConfig },
      ...(command === undefined ? {} : { Cmd: [...command] }),
    });
    await container.start();
    return container;
  }

  remove(): Promise<void> {
    return removeAll(this.docker);
  }
}

/** Returns a container's output so far; with a terminal it is one plain stream. */
export async function outputOf(container: Docker.Container): Promise<string> {
  const logs = await container.logs({ stdout: true, stderr: true, follow: false });
  return logs.toString().replaceAll('\r\n', '\n');
}

async function removeAll(docker: Docker): Promise<void> {
  const filters = { label: [LABEL] };
  for (const { Id } of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id } of await docker.listImages({ filters }))
    await docker.getImage(Id).remove({ force: true });
}
