import { type EventData } from '@nexos/domain';
import { DeploymentEventEntity, EnvironmentEventEntity, UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import { type EntityTarget, type FindOptionsWhere, LessThan } from 'typeorm';

/** What the events of both kinds have in common. */
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

/** Reads what has happened to deployments and environments. */
@Injectable()
export class EventRepository {
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
