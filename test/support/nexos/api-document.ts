import { componentOf, type Schema } from '../../../apps/api/src/http/openapi/schema.js';

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface ApiMedia {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { value: unknown }>>;
  /** The schemas of a stream's event data. */
  readonly 'x-events'?: Readonly<Record<string, Schema>>;
}

export interface ApiHeader {
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface ApiResponse {
  readonly content?: Readonly<Record<string, ApiMedia>>;
  readonly headers: Readonly<Record<string, ApiHeader>>;
}

interface RawResponse {
  readonly content?: Readonly<Record<string, ApiMedia>>;
  readonly headers?: Readonly<Record<string, ApiHeader | { $ref: string }>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly (ApiParameter | { $ref: string })[];
  readonly requestBody?: { content: Readonly<Record<string, ApiMedia>> };
  readonly responses: Readonly<Record<string, RawResponse>>;
  /** The actions that it writes to the audit log. */
  readonly 'x-audit-actions'?: readonly string[];
}

/** One operation of the OpenAPI document, with its references resolved. */
export interface ApiOperation extends Omit<RawOperation, 'parameters' | 'requestBody' | 'responses'> {
  /** Upper case. */
  readonly method: string;
  /** With its parameters in braces, without `/api`. */
  readonly path: string;
  readonly parameters: readonly ApiParameter[];
  /** The allowed request bodies, by content type. */
  readonly bodies: Readonly<Record<string, ApiMedia>>;
  /** By status. */
  readonly responses: Readonly<Record<string, ApiResponse>>;
}

interface RawDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly parameters: Readonly<Record<string, ApiParameter>>;
    readonly headers: Readonly<Record<string, ApiHeader>>;
  };
}

/** The OpenAPI document that an API serves. */
export class ApiDocument {
  readonly operations: readonly ApiOperation[];
  private readonly patterns: readonly { operation: ApiOperation; pattern: RegExp }[];

  constructor(readonly json: RawDocument) {
    this.operations = Object.entries(json.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => operationOf(json, path, method, operation)),
    );
    this.patterns = this.operations
      .map((operation) => ({
        operation,
        pattern: new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`),
      }))
      // Fixed segments come before parameters, as in every router.
      .sort((a, b) => parametersIn(a.operation) - parametersIn(b.operation));
  }

  static async fetch(baseUrl: string): Promise<ApiDocument> {
    const response = await fetch(`${baseUrl}/api/openapi.json`);
    if (!response.ok) throw new Error(`there is no OpenAPI document: ${response.status}`);
    return new ApiDocument((await response.json()) as RawDocument);
  }

  /** @param path without `/api` and query; one that is documented as it is has only its own operations */
  find(method: string, path: string): ApiOperation | undefined {
    const wanted = method.toUpperCase();
    const isDocumented = this.patterns.some(({ operation }) => operation.path === path);
    return this.patterns.find(
      ({ operation, pattern }) =>
        operation.method === wanted && (isDocumented ? operation.path === path : pattern.test(path)),
    )?.operation;
  }

  /** Returns the schema that this one refers to, or itself. */
  resolve(schema: Schema): Schema {
    const component = componentOf(schema);
    return component === undefined ? schema : (this.json.components.schemas[component] ?? {});
  }
}

function operationOf(
  { components }: RawDocument,
  path: string,
  method: string,
  { parameters, requestBody, responses, ...rest }: RawOperation,
): ApiOperation {
  return {
    ...rest,
    method: method.toUpperCase(),
    path,
    parameters: parameters.map((one) => ('$ref' in one ? named(one, components.parameters) : one)),
    bodies: requestBody?.content ?? {},
    responses: mapValues(responses, ({ headers = {}, ...response }) => ({
      ...response,
      headers: mapValues(headers, (one) => ('$ref' in one ? named(one, components.headers) : one)),
    })),
  };
}

/** @throws {Error} if the component does not exist */
function named<T>({ $ref }: { $ref: string }, components: Readonly<Record<string, T>>): T {
  const component = components[$ref.split('/').at(-1) ?? ''];
  if (component === undefined) throw new Error(`the document has no ${$ref}`);
  return component;
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}

function parametersIn({ path }: ApiOperation): number {
  return path.split('{').length;
}
