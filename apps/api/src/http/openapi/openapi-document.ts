import type { INestApplication } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import type { OpenAPIObject, OperationObject, PathItemObject } from '@nestjs/swagger';
import { applyPending } from './api-property.js';
import { describeDto, isDto } from './describe-dto.js';
import { describeOperation } from './describe-operation.js';
import { documentedRoutes, operationIdOf, type DocumentedRoute } from './documented-routes.js';
import { ProblemResponse } from './problem.response.js';
import { bodySchemasOf, componentOf, type Schema, type Schemas } from './schema.js';
import { SHARED_COMPONENTS } from './shared-components.js';

const DESCRIPTION = `Everything you can do in the dashboard you can do with the API.

Send an API key as \`Authorization: Bearer nxs_…\`. Requests and responses are JSON. Errors are
[problem details](https://www.rfc-editor.org/rfc/rfc9457) with a stable \`type\`. Lists are arrays; the \`Link\` header has
the URL of the next page. Actions that take time respond with 202 and the current state of the resource.`;

/** Matches Swagger's id for the second and further paths of one handler: `restart[1]`. */
const ALIAS = /^(.+)\[(\d+)\]$/;

/**
 * Generates the OpenAPI document of the application from its code. Needs no database; a previewed application is enough.
 *
 * @throws {Error} naming routes without an `@Operation`, or fields without an example
 */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  applyPending(swagger);
  const routes = documentedRoutes(app);
  for (const { parameterTypes } of routes.values()) parameterTypes.filter(isDto).forEach(describeDto);
  const config = new swagger.DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Nexos')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addServer('/api')
    .build();
  const document = swagger.SwaggerModule.createDocument(app, config, {
    ignoreGlobalPrefix: true,
    operationIdFactory: operationIdOf,
    extraModels: [ProblemResponse],
  });
  document.components = { ...document.components, ...SHARED_COMPONENTS };
  const schemas = (document.components.schemas ?? {}) as Schemas;
  for (const [path, item] of Object.entries(document.paths)) describePath(path, item, routes, schemas);
  refuseUnknownFields(document, schemas);
  return document;
}

function describePath(
  path: string,
  item: PathItemObject,
  routes: ReadonlyMap<string, DocumentedRoute>,
  schemas: Schemas,
): void {
  for (const [method, found] of Object.entries(item) as [keyof PathItemObject, OperationObject][]) {
    const id = found.operationId ?? '';
    const [, base = id, index = '0'] = ALIAS.exec(id) ?? [];
    const route = routes.get(base);
    if (route === undefined) throw new Error(`${method} ${path} is not a route of a controller: ${id}`);
    const operationId = index === '0' ? base : `${base}.${path.split('/').at(-1) ?? index}`;
    Object.assign(item, {
      [method]: describeOperation(found, { method, path }, { ...route, operationId }, schemas),
    });
  }
}

/** Forbids unknown fields in bodies, as the validation pipe does. Responses may get new fields. */
function refuseUnknownFields({ paths }: OpenAPIObject, schemas: Schemas): void {
  const operations = Object.values(paths).flatMap((item) => Object.values(item) as OperationObject[]);
  operations.flatMap(bodySchemasOf).forEach((schema) => close(schema, schemas));
}

function close(schema: Schema, schemas: Schemas): void {
  const component = componentOf(schema);
  if (component !== undefined) close(schemas[component] ?? {}, schemas);
  if (schema.items !== undefined) close(schema.items, schemas);
  schema.anyOf?.forEach((one) => close(one, schemas));
  if (schema.properties === undefined || schema.additionalProperties !== undefined) return;
  schema.additionalProperties = false;
  Object.values(schema.properties).forEach((property) => close(property, schemas));
}
