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

/** The newest first, one row more than `limit` where there is one; before the event `cursor` where that is given. */
interface Page {
  readonly limit: number;
  readonly cursor?: string;
}

/** Events of one turn of the sweep, of each kind. */
const LEFT_AT_ONCE = 500;
/** Older events are not passed on any more: they are no news. */
const NEWS_FOR_HOURS = 24;

/** Reads what has happened to deployments and environments, and notes who was given it. */
@Injectable()
export class EventsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Null for one that is not kept any longer. */
  findOfDeployment(seq: string): Promise<DeploymentEvent | null> {
    return this.unitOfWork.manager.findOneBy<DeploymentEvent>(DeploymentEventEntity, { seq });
  }

  /** Null for one that is not kept any longer. */
  findOfEnvironment(seq: string): Promise<EnvironmentEvent | null> {
    return this.unitOfWork.manager.findOneBy<EnvironmentEvent>(EnvironmentEventEntity, { seq });
  }

  listOfDeployment(deploymentId: string, page: Page): Promise<DeploymentEvent[]> {
    return this.list<DeploymentEvent>(DeploymentEventEntity, { deploymentId }, page);
  }

  listOfEnvironment(environmentId: string, page: Page): Promise<EnvironmentEvent[]> {
    return this.list<EnvironmentEvent>(EnvironmentEventEntity, { environmentId }, page);
  }

  /** The jobs of events that their consumers have not been given, though they are older than that. */
  async findLeft(olderThanMs: number): Promise<JobOf<'notify'>[]> {
    const [deployments, environments] = await Promise.all(
      (['deployment', 'environment'] as const).map((of) =>
        this.unitOfWork.manager.query<{ seq: string }[]>(
          `SELECT seq FROM ${of}_events
           WHERE passed_on_at IS NULL AND at < now() - make_interval(secs => $1 / 1000.0)
             AND at > now() - make_interval(hours => $2)
           ORDER BY at LIMIT $3`,
          [olderThanMs, NEWS_FOR_HOURS, LEFT_AT_ONCE],
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

  /** Notes that all consumers have been given an event. */
  async markPassedOn(of: 'deployment' | 'environment', seq: string): Promise<void> {
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
