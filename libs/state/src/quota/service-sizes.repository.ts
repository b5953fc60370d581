import { type ServiceKind } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** What one service of a kind takes. */
export interface ServiceSize {
  readonly kind: ServiceKind;
  /** Cores. */
  readonly cpu: number;
  readonly memoryMb: number;
}

/** The sizes of services, which quotas count with. */
@Injectable()
export class ServiceSizesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Records the sizes that services have from their next start on. */
  async record(sizes: readonly ServiceSize[]): Promise<void> {
    await this.unitOfWork.manager.query(
      `INSERT INTO service_sizes (kind, cpu, memory_mb)
       SELECT * FROM unnest($1::text[], $2::numeric[], $3::integer[])
       ON CONFLICT (kind) DO UPDATE SET cpu = excluded.cpu, memory_mb = excluded.memory_mb
       WHERE (service_sizes.cpu, service_sizes.memory_mb) IS DISTINCT FROM (excluded.cpu, excluded.memory_mb)`,
      [sizes.map(({ kind }) => kind), sizes.map(({ cpu }) => cpu), sizes.map(({ memoryMb }) => memoryMb)],
    );
  }
}
