import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { removeInstallation, startBuildEngine, startRegistry } from './machine.js';

export interface IsolatedBuildsOptions {
  /** Letters and digits only, as setup of other clones knows installations. */
  readonly instance: string;
  readonly images: readonly string[];
  readonly limits?: { readonly pids: number; readonly memoryMb: number; readonly cpus: number };
  readonly diskMb?: number;
}

/** A registry that takes tokens, and an engine of builds beside the machine's. */
export class IsolatedBuilds {
  private constructor(
    readonly instance: string,
    private readonly folder: string,
    readonly registry: string,
    private readonly pem: string,
    /** Its DOCKER_HOST. */
    readonly host: string,
  ) {}

  /** @param prepare runs once their network exists; returns `IPv4:port` of what builds may use */
  static async start(
    { instance, images, limits = { pids: 1024, memoryMb: 4096, cpus: 2 }, diskMb = 0 }: IsolatedBuildsOptions,
    prepare: () => Promise<string[]> = () => Promise.resolve([]),
  ): Promise<IsolatedBuilds> {
    const home = mkdtempSync(join(tmpdir(), 'nexos-isolated-'));
    const { host: registryHost, pem } = await startRegistry(instance, home);
    const allowed = await prepare();
    const host = await startBuildEngine({ instance, home, registryHost, limits, diskMb, allowed });
    const builds = new IsolatedBuilds(instance, home, registryHost, pem, host);
    for (const image of images) {
      const archive = await new Docker().getImage(image).get();
      const loaded = await builds.docker.loadImage(archive);
      loaded.resume();
      await once(loaded, 'end');
    }
    return builds;
  }

  /** The engine of builds. */
  get docker(): Docker {
    return new Docker({ socketPath: this.host.replace('unix://', '') });
  }

  /** Reports whether its engine answers. */
  answers(): Promise<boolean> {
    return this.docker.ping().then(
      () => true,
      () => false,
    );
  }

  /** For builder and lifecycle worker. */
  get env(): Record<string, string> {
    return { REGISTRY_URL: this.registry, REGISTRY_TOKEN_PEM_FILE: this.pem };
  }

  /** Its own container, or the one of the registry. */
  container(name: 'build-engine' | 'registry'): Docker.Container {
    return new Docker().getContainer(`nexos-${this.instance}-${name}`);
  }

  async stop(): Promise<void> {
    await removeInstallation(this.instance);
    rmSync(this.folder, { recursive: true });
  }
}
