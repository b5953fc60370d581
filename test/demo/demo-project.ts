import { join } from 'node:path';
import type { ApiClient } from '../support/nexos/api-client.js';
import { Deliveries, type Delivery } from './deliveries.js';
import { REPOSITORY, type DemoSystem, type DemoSystemOptions } from './demo-system.js';
import { Developer } from './developer.js';

const SETTINGS = { name: 'hello', github_repo: REPOSITORY, cpu: 0.5, memory_mb: 128 };

/** The demo's project, and the developer who pushes to it. */
export class DemoProject {
  /** Called after each push, by the developer or anyone else, once it was delivered to Nexos. */
  onDelivery: (delivery: Delivery) => void = () => undefined;
  private lastDelivery: Delivery | undefined;

  private constructor(
    readonly id: string,
    readonly api: ApiClient,
    readonly remote: string,
    private readonly developer: Developer,
  ) {}

  static async create({ api, host }: DemoSystem, { local }: DemoSystemOptions): Promise<DemoProject> {
    const { id } = await api.post<{ id: string }>('/projects', SETTINGS);
    const developer = await Developer.create(join(local.home, 'hello'), host.remote, local.images.node);
    const project = new DemoProject(id, api, host.remote, developer);
    const deliveries = new Deliveries(api, REPOSITORY, id, local.env.GITHUB_WEBHOOK_SECRET ?? '');
    host.onPush = async (push) => {
      const delivery = await deliveries.deliver(push);
      project.lastDelivery = delivery;
      project.onDelivery(delivery);
      return replyTo(delivery);
    };
    return project;
  }

  /** Changes the app's response text. */
  async changeAnswer(from: string, to: string): Promise<void> {
    await this.developer.edit('greeting.mustache', from, to);
  }

  /**
   * Commits and pushes all changes.
   *
   * @returns the delivery to Nexos, and the remarks that git showed the developer
   */
  async push(message: string): Promise<{ delivery: Delivery; remarks: string[] }> {
    const commit = await this.developer.commit(message);
    this.lastDelivery = undefined;
    const remarks = await this.developer.push();
    // Assigned by the host while git was pushing, which the compiler cannot know.
    const delivery = this.lastDelivery as Delivery | undefined;
    if (delivery?.push.after !== commit) {
      throw new Error(`The push of ${commit} was not delivered to Nexos. ${remarks.join('\n')}`);
    }
    return { delivery, remarks };
  }
}

function replyTo({ push, outcome, reason, deployed }: Delivery): string {
  if (deployed !== null) return `Nexos is deploying ${push.branch} to ${deployed.environment.url}`;
  if (outcome === 'destroyed') return `Nexos is destroying the environment of ${push.branch}`;
  const why = reason === null ? outcome : `${outcome}: ${reason}`;
  return `Nexos ignored the push to ${push.branch} (${why})`;
}
