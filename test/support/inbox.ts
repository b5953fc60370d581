import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DeliveriesConfig, GithubConfig, IngressConfig } from '@nexos/config';
import { type DataSource } from 'typeorm';
import { UnitOfWork } from '@nexos/database';
import { ConfiguredApp, GithubRequests, readDelivery } from '@nexos/github';
import {
  BranchLookupsRepository,
  DeliveriesRepository,
  DeliveryLists,
  type DeliveryView,
  type NewDelivery,
} from '@nexos/state';
import { DeliveryProcessor } from '../../apps/integrations/src/deliveries/delivery-processor.js';
import { RepositoryConnections } from '../../apps/integrations/src/deliveries/repository-connections.js';
import { PauseLog } from '../../apps/integrations/src/installations/pause-log.js';
import { pushPayload, type Push } from './nexos/webhook-sender.js';
import { at, BASE_DOMAIN, sha } from './rows.js';

export interface PushFields {
  readonly id?: string;
  readonly repository: string;
  readonly branch?: string;
  readonly before?: string;
  readonly after?: string;
  readonly second?: number;
  readonly installationId?: number;
  readonly message?: string;
  readonly isPrivate?: boolean;
}

/** The inbox of one process, which accepts deliveries like the API and processes them like an integrations worker. */
export class Inbox {
  readonly deliveries: DeliveriesRepository;
  readonly lists: DeliveryLists;
  readonly unitOfWork: UnitOfWork;
  private readonly processor: DeliveryProcessor;

  constructor(
    dataSource: DataSource,
    { attempts = 3, retryMs = 10, github = new GithubConfig() } = {},
    /** Without an App by default. */
    readonly requests = new GithubRequests(new ConfiguredApp(github)),
  ) {
    this.unitOfWork = new UnitOfWork(dataSource);
    this.deliveries = new DeliveriesRepository(this.unitOfWork);
    this.lists = new DeliveryLists(this.unitOfWork);
    this.processor = new DeliveryProcessor(
      this.unitOfWork,
      this.deliveries,
      new RepositoryConnections(
        this.deliveries,
        new BranchLookupsRepository(this.unitOfWork),
        new ConfiguredApp(github),
        new PauseLog(),
      ),
      Object.assign(new IngressConfig(), { baseDomain: BASE_DOMAIN }),
      Object.assign(new DeliveriesConfig(), { attempts, retryMs }),
      requests,
    );
  }

  /** Accepts pushes, in one statement; returns which were new. */
  accept(...pushes: readonly PushFields[]): Promise<boolean[]> {
    return this.deliveries.accept(pushes.map(deliveryOf));
  }

  /** Processes a repository's first waiting delivery. */
  processNext(repository: string) {
    return this.processor.processNext(repository.toLowerCase());
  }

  /** Counts an attempt at a repository's first waiting delivery during which a worker crashed. */
  countCrash(repository: string) {
    return this.processor.countCrash(repository.toLowerCase());
  }

  /** Processes all due deliveries of a repository. */
  async drain(repository: string): Promise<void> {
    for (;;) {
      const { kind } = await this.processNext(repository);
      if (kind === 'rest') return;
      if (kind === 'busy') await setTimeout(5);
    }
  }

  /** Accepts a push and processes its repository's due deliveries; returns the push's delivery. */
  async acceptAndDrain(push: PushFields): Promise<DeliveryView> {
    const id = push.id ?? randomUUID();
    await this.accept({ ...push, id });
    await this.drain(push.repository);
    return this.find(id);
  }

  async find(id: string): Promise<DeliveryView> {
    const found = await this.lists.find(id);
    if (found === null) throw new Error(`there is no delivery ${id}`);
    return found;
  }

  replay(id: string, force = false): Promise<boolean> {
    return this.unitOfWork.run((transaction) =>
      this.deliveries.replay(transaction, id, { force, actor: 'key_operator' }),
    );
  }
}

/** Returns a push as the API hands it to the inbox. */
export function deliveryOf({
  id = randomUUID(),
  repository,
  branch = 'main',
  before = sha(1),
  after = sha(2),
  second = 2,
  installationId,
  message = 'A change',
  isPrivate = false,
}: PushFields): NewDelivery & { readonly body: Buffer } {
  const push: Push = { repository, branch, before, after, pushedAt: at(second).getTime() / 1000, message };
  const installation = installationId === undefined ? {} : { installation: { id: installationId } };
  const payload = pushPayload(push);
  const shown = { ...(payload.repository as object), private: isPrivate };
  const body = { ...payload, repository: shown, ...installation };
  const { move } = readDelivery('push', body);
  return {
    id,
    event: 'push',
    repository,
    projectId: null,
    branch,
    commitSha: move?.commit?.sha ?? null,
    ignoredReason: null,
    body: gzipSync(JSON.stringify(body)),
  };
}
