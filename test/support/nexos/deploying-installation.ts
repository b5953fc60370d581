import Docker from 'dockerode';
import { eventually } from '../eventually.js';
import { findTheEngine } from '../machine.js';
import { Installation } from './installation.js';

/** The belongings of an owner without any. */
export const NO_RESOURCES = { services: [], networks: [], images: [], volumes: [] };

/** An installation that deploys, with the repositories and engine resources of its projects. */
export abstract class DeployingInstallation extends Installation {
  /** Creates an empty repository at the git host unless it exists, and returns its URL. */
  abstract createRepository(owner: string, name: string): Promise<string>;

  /** Returns the engine that it deploys to. */
  protected engine(): Promise<Docker> {
    return findTheEngine();
  }

  /** Removes Swarm services behind the apps' backs. */
  async removeServices(filter: string): Promise<void> {
    const docker = new Docker();
    for (const name of await this.services(filter)) await docker.getService(name).remove();
  }

  /** Returns the names of this installation's Swarm services that have all of these labels. */
  async services(...labels: string[]): Promise<string[]> {
    const engine = await this.engine();
    const label = [`dev.nexos.instance=${this.instance}`, ...labels];
    const services = await engine.listServices({ filters: { label } });
    return services.map(({ Spec }) => Spec?.Name ?? '');
  }

  /** Returns all that this installation has on the engine except the ingress, or what has these labels. */
  async engineResources(
    ...labels: string[]
  ): Promise<Record<'services' | 'networks' | 'images' | 'volumes', string[]>> {
    const engine = await this.engine();
    const filters = { label: [`dev.nexos.instance=${this.instance}`, ...labels] };
    const networks = await engine.listNetworks({ filters });
    const images = await engine.listImages({ filters });
    const { Volumes: volumes } = await engine.listVolumes({ filters });
    return {
      services: (await this.services(...labels)).sort(),
      networks: networks.map(({ Name }) => Name).sort(),
      images: images.map(({ Id }) => Id).sort(),
      volumes: volumes.map(({ Name }) => Name).sort(),
    };
  }

  /** Returns the buckets and the account files of the running S3 servers with these labels. */
  async storedInS3(...labels: string[]): Promise<{ buckets: string[]; accounts: string }> {
    const buckets: string[] = [];
    let accounts = '';
    for (const service of await this.services(...labels, 'dev.nexos.service=s3')) {
      if ((await this.containers(`com.docker.swarm.service.name=${service}`)).length === 0) continue;
      const listed = await this.execInService(service, ['ls', '-1', '/data/buckets']);
      buckets.push(...listed.split(/\s+/).filter((name) => name !== ''));
      accounts += await this.execInService(service, ['sh', '-c', 'cat /data/accounts/*']);
    }
    return { buckets: buckets.sort(), accounts };
  }

  /** Returns the ids of the running containers with a label. */
  async containers(filter: string): Promise<string[]> {
    const filters = JSON.stringify({ label: [`dev.nexos.instance=${this.instance}`, filter] });
    return (await (await this.engine()).listContainers({ filters })).map(({ Id }) => Id);
  }

  /** Runs a command in the container of a Swarm service, and returns its output. */
  async execInService(service: string, command: readonly string[]): Promise<string> {
    const filters = JSON.stringify({ label: [`com.docker.swarm.service.name=${service}`] });
    const docker = new Docker();
    const [container] = await docker.listContainers({ filters });
    if (container === undefined) throw new Error(`${service} has no container`);
    const exec = await docker
      .getContainer(container.Id)
      .exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, Tty: true });
    const chunks: Buffer[] = [];
    for await (const chunk of await exec.start({ Tty: true })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  }

  /** Removes an image behind the apps' backs; retries while its last container is still stopping. */
  async removeImage(id: string): Promise<void> {
    const engine = await findTheEngine();
    await eventually(`the image ${id} to be gone`, async () => {
      try {
        await engine.getImage(id).remove({ force: true });
        return true;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 409) return undefined;
        throw error;
      }
    });
  }
}
