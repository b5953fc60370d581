import { ProjectOfRepository } from '@nexos/state';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiError, notFound } from '../http/problems/api-error.js';
import { ProjectKeysMetadata } from './project-keys.decorator.js';
import type { PrincipalRequest } from './principal.js';
import { projectIdIn } from './route-reach.js';

/**
 * Confines keys that are limited to projects. What belongs to another project looks as if it did not exist, and routes about
 * the whole account are refused unless they declare `@AcceptsProjectKeys()`.
 */
@Injectable()
export class ProjectKeysGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly projectOf: ProjectOfRepository,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Partial<PrincipalRequest>>();
    const projectIds = request.principal?.projectIds;
    if (projectIds === undefined) return true;
    const first = projectIdIn(request.routeOptions?.url ?? '');
    if (first === null) {
      const targets = [context.getHandler(), context.getClass()];
      const isAccepted: boolean | undefined = this.reflector.getAllAndOverride(ProjectKeysMetadata, targets);
      if (isAccepted === true) return true;
      throw new ApiError(
        'forbidden',
        'This API key is limited to projects, and the request is about the whole account. Use a key without project_ids.',
      );
    }
    const id = (request.params as Readonly<Record<string, string>>)[first.name] ?? '';
    const projectId = await this.projectOf.find(first.kind, id);
    if (projectId === null || !projectIds.includes(projectId)) throw notFound(first.kind);
    return true;
  }
}
