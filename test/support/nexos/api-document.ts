import { componentOf, type Schema } from '../../../apps/api/src/openapi/schema.js';

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
}

interface RawOperation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly (ApiParameter | { $ref: string })[];
  readonly requestBody?: { content: Readonly<Record<string, ApiMedia>> };
  readonly responses: Readonly<Record<string, { content?: Readonly<Record<string, ApiMedia>> }>>;
}

/** One operation of the OpenAPI document, with what it refers to in place. */
export interface ApiOperation extends Omit<RawOperation, 'parameters' | 'requestBody'> {
  /** In capitals. */
  readonly method: string;
  /** With its parameters in braces, without `/api`. */
  readonly path: string;
  readonly parameters: readonly ApiParameter[];
  /** What a request's body may be, by its content type. */
  readonly bodies: Readonly<Record<string, ApiMedia>>;
}

interface RawDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly parameters: Readonly<Record<string, ApiParameter>>;
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

  /** @param path without `/api` and query */
  find(method: string, path: string): ApiOperation | undefined {
    const wanted = method.toUpperCase();
    return this.patterns.find(({ operation, pattern }) => operation.method === wanted && pattern.test(path))
      ?.operation;
  }

  /** What a schema refers to, or itself. */
  resolve(schema: Schema): Schema {
    const component = componentOf(schema);
    return component === undefined ? schema : (this.json.components.schemas[component] ?? {});
  }
}

function operationOf(
  { components }: RawDocument,
  path: string,
  method: string,
  { parameters, requestBody, ...rest }: RawOperation,
): ApiOperation {
  return {
    ...rest,
    method: method.toUpperCase(),
    path,
    parameters: parameters.flatMap((one) =>
      '$ref' in one ? (components.parameters[one.$ref.split('/').at(-1) ?? ''] ?? []) : one,
    ),
    bodies: requestBody?.content ?? {},
  };
}

function parametersIn({ path }: ApiOperation): number {
  return path.split('{').length;
}
