import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Numbers the subnets of projects, so that a freed one is used again as late as possible. */
@Injectable()
export class SubnetsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns a number greater than all before; it starts again at 0 after 2^63. */
  async next(): Promise<number> {
    const [row] = await this.unitOfWork.manager.query<{ next: string }[]>(
      `SELECT nextval('project_subnets') AS next`,
    );
    return Number(row?.next);
  }
}
