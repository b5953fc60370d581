import { type JobOf } from '@nexos/contracts';
import { type EventData } from '@nexos/domain';
import { DeploymentEventEntity, EnvironmentEventEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { type EntityTarget, type FindOptionsWhere, LessThan } from 'typeorm';

/** Fields of an event of either kind. */
interface Recorded {
  readonly seq: string;
  readonly projectId: string;
  readonly data: EventData;
  readonly actor: string;
  readonly reason: string | null;
  readonly at: Date;
}

export interface DeploymentEvent extends Recorded, Pick<DeploymentEventEntity, 'deploymentId' | 'type'> {}
export interface EnvironmentEvent extends Recorded, Pick<EnvironmentEventEntity, 'environmentId' | 'type'> {}

/** A page of events, newest first, older than the event `cursor`; plus one extra row if there is a next page. */
interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

/** The most events of each kind that one sweep returns. */
const SWEEP_LIMIT = 500;
/** Older events are stale and are no longer passed on. */
const MAX_AGE_HOURS = 24;

/** Reads the events of deployments and environments, and records which were passed on. */
@Injectable()
export class EventsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns null when the event has been deleted. */
  findOfDeployment(seq: string): Promise<DeploymentEvent | null> {
    return this.unitOfWork.manager.findOneBy<DeploymentEvent>(DeploymentEventEntity, { seq });
  }

  /** Returns null when the event has been deleted. */
  findOfEnvironment(seq: string): Promise<EnvironmentEvent | null> {
    return this.unitOfWork.manager.findOneBy<EnvironmentEvent>(EnvironmentEventEntity, { seq });
  }

  listOfDeployment(deploymentId: string, page: Page): Promise<DeploymentEvent[]> {
    return this.list<DeploymentEvent>(DeploymentEventEntity, { deploymentId }, page);
  }

  listOfEnvironment(environmentId: string, page: Page): Promise<EnvironmentEvent[]> {
    return this.list<EnvironmentEvent>(EnvironmentEventEntity, { environmentId }, page);
  }

  /** Returns jobs for events older than `olderThanMs` that were not passed on to all consumers. */
  async findUndispatched(olderThanMs: number): Promise<JobOf<'notify'>[]> {
    const [deployments, environments] = await Promise.all(
      (['deployment', 'environment'] as const).map((of) =>
        this.unitOfWork.manager.query<{ seq: string }[]>(
          `SELECT seq FROM ${of}_events
           WHERE passed_on_at IS NULL AND at < now() - make_interval(secs => $1 / 1000.0)
             AND at > now() - make_interval(hours => $2)
           ORDER BY at LIMIT $3`,
          [olderThanMs, MAX_AGE_HOURS, SWEEP_LIMIT],
        ),
      ),
    );
    return [
      ...(deployments ?? []).map(
        (payload) => ({ queue: 'notify', name: 'deployment-event', payload }) as const,
      ),
      ...(environments ?? []).map(
        (payload) => ({ queue: 'notify', name: 'environment-event', payload }) as const,
      ),
    ];
  }

  /** Records that an event was passed on to all consumers. */
  async markDispatched(of: 'deployment' | 'environment', seq: string): Promise<void> {
    await this.unitOfWork.manager.query(`UPDATE ${of}_events SET passed_on_at = now() WHERE seq = $1`, [seq]);
  }

  private list<Event extends Recorded>(
    entity: EntityTarget<Event>,
    subject: FindOptionsWhere<Event>,
    { limit, cursor }: Page,
  ): Promise<Event[]> {
    const where = { ...subject, ...(cursor === undefined ? {} : { seq: LessThan(cursor) }) };
    return this.unitOfWork.manager.find<Event>(entity, {
      where: where as FindOptionsWhere<Event>,
      order: { seq: 'DESC' } as never,
      take: limit + 1,
    });
  }
}
