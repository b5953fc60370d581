import { type ServiceKind } from '@nexos/domain';
import { type DeploymentSettings } from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { PostgresRecipe } from './postgres.recipe.js';
import { RedisRecipe } from './redis.recipe.js';
import { S3Recipe } from './s3.recipe.js';
import type { ServiceRecipe } from './service-recipe.js';

/** The recipes of all service kinds. */
@Injectable()
export class ServiceRecipes {
  private readonly all: ReadonlyMap<ServiceKind, ServiceRecipe>;

  constructor(postgres: PostgresRecipe, redis: RedisRecipe, s3: S3Recipe) {
    const recipes: readonly ServiceRecipe[] = [postgres, redis, s3];
    this.all = new Map(recipes.map((recipe) => [recipe.kind, recipe]));
  }

  /** Returns undefined for a kind that cannot be provided. */
  find(kind: ServiceKind): ServiceRecipe | undefined {
    return this.all.get(kind);
  }

  isBehindIngress(kind: string): boolean {
    return this.all.get(kind as ServiceKind)?.isBehindIngress === true;
  }

  /** Returns the kinds that a deployment asks for and that can be provided. */
  wanted(services: DeploymentSettings['services']): ServiceKind[] {
    return [...this.all.keys()].filter((kind) => services[kind] !== false);
  }
}
