import type { AuditAction } from '@nexos/domain';
import type { INestApplication, Type } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { WritesMetadata } from '../../audit/writes.decorator.js';
import { AccessMetadata, type Access } from '../../auth/access.decorator.js';
import { OperationMetadata, type OperationOptions } from './operation.decorator.js';

const METHOD_METADATA = 'method';
const STATUS_METADATA = '__httpCode__';

/** A route in the OpenAPI document, as the code declares it. */
export interface DocumentedRoute {
  readonly operationId: string;
  readonly access: Access;
  readonly options: OperationOptions;
  /** Status of a success. */
  readonly status: number;
  /** The actions that it writes to the audit log. */
  readonly writes: readonly AuditAction[];
  /** Types of the handler's parameters, including the classes of the body and the query. */
  readonly parameterTypes: readonly Type[];
}

/** Returns an operation id: `ProjectsController` and `list` give `projects.list`. */
export function operationIdOf(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.${method}`;
}

/**
 * Returns the routes of the application by operation id, without those marked `@Undocumented()`.
 *
 * @throws {Error} naming every route without an `@Operation`, so that the API does not start with one
 */
export function documentedRoutes(app: INestApplication): Map<string, DocumentedRoute> {
  const scanner = new MetadataScanner();
  const routes = new Map<string, DocumentedRoute>();
  const undeclared: string[] = [];
  for (const controller of controllersOf(app)) {
    const prototype = controller.prototype as Record<string, () => unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
      const route = routeOf(controller, name, handler);
      if (route === undefined) undeclared.push(`${controller.name}.${name}`);
      else if (route !== 'undocumented') routes.set(route.operationId, route);
    }
  }
  if (undeclared.length > 0) throw new Error(`routes without an @Operation: ${undeclared.join(', ')}`);
  return routes;
}

function controllersOf(app: INestApplication): Type[] {
  return [...app.get(ModulesContainer).values()].flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as Type),
  );
}

function routeOf(
  controller: Type,
  name: string,
  handler: () => unknown,
): DocumentedRoute | 'undocumented' | undefined {
  const reflector = new Reflector();
  const targets = [handler, controller];
  const options: OperationOptions | 'undocumented' | undefined = reflector.getAllAndOverride(
    OperationMetadata,
    targets,
  );
  if (options === undefined || options === 'undocumented') return options;
  const access: Access | undefined = reflector.getAllAndOverride(AccessMetadata, targets);
  const writes: readonly AuditAction[] | undefined = reflector.getAllAndOverride(WritesMetadata, targets);
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  const target = controller.prototype as object;
  const parameters = Reflect.getMetadata('design:paramtypes', target, name) as Type[] | undefined;
  const declared = Reflect.getMetadata(STATUS_METADATA, handler) as number | undefined;
  return {
    operationId: operationIdOf(controller.name, name),
    access: access ?? 'admin',
    writes: writes ?? [],
    options,
    status: options.status ?? declared ?? (isPost ? 201 : 200),
    parameterTypes: [...(parameters ?? []), ...(options.bodies ?? [])],
  };
}
