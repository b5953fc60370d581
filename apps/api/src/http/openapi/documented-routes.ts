import type { INestApplication, Type } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { AccessMetadata, type Access } from '../../auth/access.decorator.js';
import { OperationMetadata, type OperationOptions } from './operation.decorator.js';

const METHOD_METADATA = 'method';
const STATUS_METADATA = '__httpCode__';

/** What the code says of a route that the OpenAPI document shall have. */
export interface DocumentedRoute {
  readonly operationId: string;
  readonly access: Access;
  readonly options: OperationOptions;
  /** Of a success. */
  readonly status: number;
  /** Among them are the classes of what a request brings. */
  readonly parameterTypes: readonly Type[];
}

/** `ProjectsController` and `list` give `projects.list`. */
export function operationIdOf(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.${method}`;
}

/**
 * The routes of the application by their operation id, but for those that are said to be no part of the public API.
 *
 * @throws {Error} naming every route that does not say what it does: what is forgotten does not boot
 */
export function documentedRoutes(app: INestApplication): Map<string, DocumentedRoute> {
  const scanner = new MetadataScanner();
  const routes = new Map<string, DocumentedRoute>();
  const silent: string[] = [];
  for (const controller of controllersOf(app)) {
    const prototype = controller.prototype as Record<string, () => unknown>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
      const route = routeOf(controller, name, handler);
      if (route === undefined) silent.push(`${controller.name}.${name}`);
      else if (route !== 'undocumented') routes.set(route.operationId, route);
    }
  }
  if (silent.length > 0) throw new Error(`routes that do not say what they do: ${silent.join(', ')}`);
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
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  const target = controller.prototype as object;
  const parameters = Reflect.getMetadata('design:paramtypes', target, name) as Type[] | undefined;
  const declared = Reflect.getMetadata(STATUS_METADATA, handler) as number | undefined;
  return {
    operationId: operationIdOf(controller.name, name),
    access: access ?? 'admin',
    options,
    status: options.status ?? declared ?? (isPost ? 201 : 200),
    parameterTypes: [...(parameters ?? []), ...(options.bodies ?? [])],
  };
}
