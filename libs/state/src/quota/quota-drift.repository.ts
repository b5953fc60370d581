import { type DesiredState, type EnvironmentStatus } from '@nexos/domain';
import { deploymentSettings, type DeploymentSettings } from '@nexos/settings';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type CountedEnvironment, type CountedService, recomputeUsage } from './recompute-usage.js';
import type { ServiceSize } from './service-sizes.repository.js';
import { readUsage, type ReservedUsage } from './usage.js';

/** Differences below this are rounding. */
const TOLERANCE = 0.000_5;
const FIGURES = ['projects', 'cpu', 'memoryMb'] as const;

/** A figure of an account that differs from its recomputation. */
export interface QuotaDrift {
  readonly accountId: string;
  readonly figure: (typeof FIGURES)[number];
  /** What admissions count with. */
  readonly counted: number;
  readonly recomputed: number;
}

interface EnvironmentRow {
  readonly projectId: string;
  readonly branch: string;
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  readonly specs: Partial<DeploymentSettings>[];
}

const ENVIRONMENTS = `
  SELECT environment.project_id AS "projectId", environment.branch, environment.status,
    environment.desired_state AS "desiredState",
    ARRAY(SELECT spec FROM deployments version WHERE version.environment_id = environment.id
          AND (version.id = environment.live_deployment_id OR version.finished_at IS NULL AND version.live_at IS NULL
            OR environment.status = 'destroying' AND version.id = environment.desired_deployment_id)) AS specs
  FROM environments environment JOIN projects project ON project.id = environment.project_id
  WHERE project.account_id = $1 AND project.status <> 'deleted'`;

const SERVICES = `
  SELECT service.project_id AS "projectId", service.kind, service.memory_mb AS "memoryMb"
  FROM project_services service JOIN projects project ON project.id = service.project_id
  WHERE project.account_id = $1 AND project.status <> 'deleted'`;

/** Recomputes what accounts use, to find a count that is wrong. */
@Injectable()
export class QuotaDriftRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Returns ids of accounts in ascending order. */
  async accountsAfter(id: string, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ id: string }[]>(
      'SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2',
      [id, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Compares the usage of an account with a recomputation from the same snapshot. */
  check(accountId: string): Promise<QuotaDrift[]> {
    return this.unitOfWork.run(async ({ manager }) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const counted = await readUsage(manager, accountId);
      const recomputed = await recompute(manager, accountId);
      return FIGURES.filter((figure) => Math.abs(counted[figure] - recomputed[figure]) > TOLERANCE).map(
        (figure) => ({ accountId, figure, counted: counted[figure], recomputed: recomputed[figure] }),
      );
    });
  }
}

async function recompute(manager: EntityManager, accountId: string): Promise<ReservedUsage> {
  const projects = await manager.query<unknown[]>(
    `SELECT 1 FROM projects WHERE account_id = $1 AND status <> 'deleted'`,
    [accountId],
  );
  const environments = await manager.query<EnvironmentRow[]>(ENVIRONMENTS, [accountId]);
  const services = await manager.query<CountedService[]>(SERVICES, [accountId]);
  const sizes = await manager.query<ServiceSize[]>(
    'SELECT kind, cpu::float8 AS cpu, memory_mb AS "memoryMb" FROM service_sizes',
  );
  return recomputeUsage({
    projects: projects.length,
    environments: environments.map(toCounted),
    services,
    sizes,
  });
}

function toCounted({ specs, ...environment }: EnvironmentRow): CountedEnvironment {
  return { ...environment, versions: specs.map((spec) => deploymentSettings(spec)) };
}
