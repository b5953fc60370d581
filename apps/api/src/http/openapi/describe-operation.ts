import type {
  ContentObject,
  HeadersObject,
  OperationObject,
  ParameterObject,
  ReferenceObject,
  ResponseObject,
  ResponsesObject,
} from '@nestjs/swagger';
import { describeProblems } from './describe-problems.js';
import type { DocumentedRoute } from './documented-routes.js';
import { exampleOf } from './example-of.js';
import { idSchema, pathParameters } from './path-ids.js';
import type { RawContent } from './operation.decorator.js';
import { problemsOf, takesIdempotencyKey, type RoutePlace } from './route-problems.js';
import { bodySchemasOf, componentOf, schemaNamed, type Schema, type Schemas } from './schema.js';
import { rateLimitHeaders, sharedHeader, sharedParameter } from './shared-components.js';

const JSON_TYPE = 'application/json';

/**
 * Builds the full description of one operation. Keeps the query and the body's class that swagger found; everything else
 * follows from the route and its `@Operation`.
 */
export function describeOperation(
  found: OperationObject,
  at: { readonly method: string; readonly path: string },
  route: DocumentedRoute,
  schemas: Schemas,
): OperationObject {
  const { options, access, writes } = route;
  const query = (found.parameters ?? []).filter((one) => 'in' in one && one.in === 'query');
  const body = bodyContent(found, route, schemas);
  const place: RoutePlace = {
    ...at,
    takesBody: Object.keys(body).length > 0,
  };
  return {
    ...(found.tags === undefined ? {} : { tags: found.tags }),
    operationId: route.operationId,
    summary: options.summary,
    ...(options.description === undefined ? {} : { description: options.description }),
    security: access === 'public' ? [] : [{ apiKey: [access] }, { session: [] }],
    ...(writes.length === 0 ? {} : { 'x-audit-actions': writes }),
    parameters: [...pathOf(at.path), ...query, ...headersOf(route, place)],
    ...(place.takesBody ? { requestBody: { required: needsBody(body, schemas), content: body } } : {}),
    responses: {
      ...successOf(route, place, schemas),
      ...describeProblems(problemsOf(route, place), route),
    },
  };
}

function pathOf(path: string): ParameterObject[] {
  return pathParameters(path).map(({ name, kind }) => {
    const { example, ...schema } = idSchema(kind);
    return { name, in: 'path', required: true, schema, example };
  });
}

function headersOf(route: DocumentedRoute, place: RoutePlace) {
  const { options, access } = route;
  const own = Object.entries(options.headers ?? {}).map(
    ([name, { description, required = false, example }]): ParameterObject => ({
      name,
      in: 'header',
      description,
      required,
      schema: { type: 'string' },
      example,
    }),
  );
  const shared: ReferenceObject[] = [sharedParameter('RequestId')];
  if (takesIdempotencyKey(access, place)) shared.push(sharedParameter('IdempotencyKey'));
  if (hasEtag(route, place)) shared.push(sharedParameter('IfNoneMatch'));
  return [...own, ...shared];
}

/** Returns the accepted bodies: those of a known class, and those that the route declares in addition. */
function bodyContent(found: OperationObject, { options }: DocumentedRoute, schemas: Schemas): ContentObject {
  const [first, ...more] = options.bodies?.map(({ name }) => schemaNamed(name)) ?? [];
  const schema =
    first === undefined
      ? bodySchemasOf(found).find((one) => componentOf(one) !== undefined)
      : { anyOf: [first, ...more] };
  return {
    ...(schema === undefined ? {} : { [JSON_TYPE]: withExample(schema, schemas) }),
    ...(options.alsoAccepts as ContentObject | undefined),
  };
}

/** Returns whether the body is required; it is optional if all of its fields are. */
function needsBody(body: ContentObject, schemas: Schemas): boolean {
  const contents = Object.entries(body);
  return contents.some(([type, { schema }]) => {
    const component = componentOf(schema as Schema);
    return type !== JSON_TYPE || component === undefined || (schemas[component]?.required ?? []).length > 0;
  });
}

function successOf(route: DocumentedRoute, place: RoutePlace, schemas: Schemas): ResponsesObject {
  const { options, access } = route;
  const headers: HeadersObject = {
    'X-Request-Id': sharedHeader('RequestId'),
    ...(access === 'public' ? {} : rateLimitHeaders()),
  };
  if (takesIdempotencyKey(access, place))
    headers['Idempotency-Replayed'] = sharedHeader('IdempotencyReplayed');
  if (options.paged === true) headers.Link = sharedHeader('Link');
  const isOneOfSeveral = options.response !== undefined && options.alsoReturns !== undefined;
  const tag = sharedHeader(isOneOfSeveral ? 'ETagOfPage' : 'ETag');
  const etag: HeadersObject = hasEtag(route, place) ? { ETag: tag } : {};
  const own = Object.entries(options.answersHeaders ?? {}).map(
    ([name, { description, example }]) =>
      [name, { description, required: true, schema: { type: 'string' }, example }] as const,
  );
  const success: ResponseObject = {
    description: options.success ?? options.summary,
    headers: { ...headers, ...etag, ...Object.fromEntries(own) },
  };
  const content = answerContent(route, schemas);
  if (Object.keys(content).length > 0) success.content = content;
  const unchanged = { description: 'Not modified.', headers: { ...headers, ...etag } };
  return {
    [route.status]: success,
    ...(options.orRedirects === undefined ? {} : { 302: redirectTo(options.orRedirects, headers) }),
    ...(hasEtag(route, place) ? { 304: unchanged } : {}),
  };
}

function redirectTo(description: string, headers: HeadersObject): ResponseObject {
  const location = { description, required: true, schema: { type: 'string' }, example: 'https://…' } as const;
  return { description: 'A redirect.', headers: { ...headers, Location: location } };
}

function answerContent({ options }: DocumentedRoute, schemas: Schemas): ContentObject {
  const further = Object.fromEntries(
    Object.entries(options.alsoReturns ?? {}).map(([type, content]) => [type, rawContent(content)]),
  );
  if (options.response === undefined) return further;
  const one = schemaNamed(options.response.name);
  const many: Schema = { type: 'array', items: one };
  const schema =
    { true: many, false: one, either: { anyOf: [one, many] } }[String(options.isArray ?? false)] ?? one;
  return { [JSON_TYPE]: withExample(schema, schemas), ...further };
}

/** Describes the events of a stream as `x-events`, since OpenAPI 3.1 cannot. */
function rawContent({ events, ...content }: RawContent): ContentObject[string] {
  const schemas = Object.entries(events ?? {}).map(([name, { name: model }]) => [name, schemaNamed(model)]);
  return {
    ...content,
    ...(events === undefined ? {} : { 'x-events': Object.fromEntries(schemas) as Schemas }),
  };
}

function withExample(schema: Schema, schemas: Schemas): ContentObject[string] {
  return { schema, example: exampleOf(schema, schemas, 'the body') };
}

/** Returns whether a GET has a body, and so an ETag. Public routes have one only if they declare it. */
function hasEtag({ access, options }: DocumentedRoute, { method }: RoutePlace): boolean {
  const { response, alsoReturns, status = 200 } = options;
  const isRedirect = status >= 300;
  return (
    method === 'get' &&
    !isRedirect &&
    (access !== 'public' || response !== undefined || alsoReturns !== undefined)
  );
}
