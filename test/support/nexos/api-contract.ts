import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import * as ajvFormats from 'ajv-formats';
import type { Schema } from '../../../apps/api/src/http/openapi/schema.js';
import {
  ApiDocument,
  type ApiHeader,
  type ApiMedia,
  type ApiOperation,
  type ApiResponse,
} from './api-document.js';
import { checkedEvents } from './checked-events.js';

const DOCUMENT = 'https://nexos.test/openapi.json';
const PROBLEM = 'application/problem+json';
const WITHOUT_DESCRIPTION = /^\/(openapi\.json|docs(\/.*)?)$/;

/** The method and path of a request. */
export interface RequestTarget {
  readonly method: string;
  /** Without `/api` and query. */
  readonly path: string;
}

/** A response that contradicts the OpenAPI document. */
export class ContractError extends Error {
  constructor(message: string) {
    super(`${message}, which contradicts the OpenAPI document`);
    this.name = 'ContractError';
  }
}

/**
 * Checks an API against its own OpenAPI document: statuses, headers, content types, bodies and events, which may have
 * no undocumented field.
 */
export class ApiContract {
  private readonly ajv: Ajv2020;
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(readonly document: ApiDocument) {
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    ajvFormats.default.default(this.ajv);
    const json = structuredClone(document.json);
    Object.values(json.components.schemas).forEach(close);
    this.ajv.addSchema(json, DOCUMENT);
  }

  static async of(baseUrl: string): Promise<ApiContract> {
    return new ApiContract(await ApiDocument.fetch(baseUrl));
  }

  /**
   * Checks a copy of the response, except for a stream of events, which is checked while it is read.
   *
   * @returns the response to continue with
   * @throws {ContractError} naming the operation, and the status, header, content type or field that is not documented
   */
  async check(asked: RequestTarget, response: Response): Promise<Response> {
    if (asked.method === 'OPTIONS' || WITHOUT_DESCRIPTION.test(asked.path)) return response;
    const operation = this.document.find(asked.method === 'HEAD' ? 'GET' : asked.method, asked.path);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const where = `${asked.method} ${operation?.path ?? asked.path} (${operation?.operationId ?? 'no operation'}) answered ${response.status}`;
    if (operation === undefined) {
      if (response.status < 400 || type !== PROBLEM) throw new ContractError(`${where} ${type}`);
      this.validate(where, '#/components/schemas/ProblemResponse', await response.clone().json());
      return response;
    }
    const { content = {}, headers } = responseOf(operation, response.status, where);
    this.checkHeaders(where, headers, response.headers);
    if (asked.method === 'HEAD') {
      if (type !== '' && !(type in content)) throw new ContractError(`${where} with ${type}`);
      return response;
    }
    const media = content[type];
    if (media !== undefined && type === 'text/event-stream') {
      return checkedEvents(response, (event, data) => this.checkEvent(where, media, event, data));
    }
    const text = await response.clone().text();
    if (Object.keys(content).length === 0) {
      if (text !== '') throw new ContractError(`${where} with a body`);
      return response;
    }
    if (media === undefined) throw new ContractError(`${where} with ${type || 'no content type'}`);
    if (!/[/+]json$/.test(type)) return response;
    const pointer = ['paths', operation.path, operation.method.toLowerCase(), 'responses', response.status];
    const path = [...pointer, 'content', type, 'schema'].map((part) => escape(String(part))).join('/');
    this.validate(where, `#/${path}`, JSON.parse(text));
    return response;
  }

  /** Ignores undocumented headers, as proxies add their own. */
  private checkHeaders(
    where: string,
    documented: Readonly<Record<string, ApiHeader>>,
    headers: Headers,
  ): void {
    for (const [name, { required, schema }] of Object.entries(documented)) {
      const text = headers.get(name);
      if (text === null) {
        if (required === true) throw new ContractError(`${where} without the header ${name}`);
        continue;
      }
      const value = schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
      const errors = this.errorsOf(schema, value);
      if (errors.length > 0)
        throw new ContractError(`${where} with a header ${name} whose ${errors.join('; ')}`);
    }
  }

  private checkEvent(
    where: string,
    { 'x-events': events = {} }: ApiMedia,
    event: string,
    data: string,
  ): void {
    const schema = events[event];
    if (schema === undefined) throw new ContractError(`${where} with an event ${event}`);
    const errors = this.errorsOf(schema, JSON.parse(data));
    if (errors.length > 0)
      throw new ContractError(`${where} with an event ${event} whose ${errors.join('; ')}`);
  }

  /** Returns how a value violates a schema of the document, whose own schemas allow no unknown field. */
  errorsOf(schema: Schema, value: unknown): string[] {
    const inDocument = JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`);
    const validate = this.validators.get(inDocument) ?? this.ajv.compile(JSON.parse(inDocument) as Schema);
    this.validators.set(inDocument, validate);
    return validate(value) ? [] : (validate.errors ?? []).map(sentence);
  }

  private validate(where: string, pointer: string, body: unknown): void {
    const validate = this.validators.get(pointer) ?? this.ajv.compile({ $ref: DOCUMENT + pointer });
    this.validators.set(pointer, validate);
    if (validate(body)) return;
    const errors = (validate.errors ?? []).map(sentence);
    throw new ContractError(`${where} with a body whose ${errors.join('; ')}`);
  }
}

function responseOf({ responses }: ApiOperation, status: number, where: string): ApiResponse {
  const documented = responses[String(status)];
  if (documented === undefined) throw new ContractError(where);
  return documented;
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  const field = instancePath === '' ? 'whole' : `field ${instancePath.slice(1).replaceAll('/', '.')}`;
  return unknown === undefined
    ? `${field} ${message ?? 'is wrong'}`
    : `${field} has the unknown field "${unknown}"`;
}

/** Forbids undocumented fields, though clients must expect new fields in responses. */
function close(schema: Schema): void {
  if (schema.items !== undefined) close(schema.items);
  if (schema.properties === undefined) return;
  schema.additionalProperties ??= false;
  Object.values(schema.properties).forEach(close);
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
