import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import * as ajvFormats from 'ajv-formats';
import type { Schema } from '../../../apps/api/src/openapi/schema.js';
import { ApiDocument, type ApiMedia, type ApiOperation } from './api-document.js';

const DOCUMENT = 'https://nexos.test/openapi.json';
const PROBLEM = 'application/problem+json';
const WITHOUT_DESCRIPTION = /^\/(openapi\.json|docs(\/.*)?)$/;

/** What a request asked for. */
export interface Asked {
  readonly method: string;
  /** Without `/api` and query. */
  readonly path: string;
}

/** An answer that the OpenAPI document does not tell of. */
export class ContractError extends Error {
  constructor(message: string) {
    super(`${message}, which the OpenAPI document does not tell of`);
    this.name = 'ContractError';
  }
}

/**
 * Holds an API to its own OpenAPI document: statuses, content types and bodies, in which no field may be that the
 * document does not have.
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
   * Reads a copy of the answer, but for a stream of events, whose head alone is looked at.
   *
   * @throws {ContractError} naming the operation, and the status, content type or field that is not documented
   */
  async check(asked: Asked, response: Response): Promise<void> {
    if (asked.method === 'OPTIONS' || WITHOUT_DESCRIPTION.test(asked.path)) return;
    const operation = this.document.find(asked.method === 'HEAD' ? 'GET' : asked.method, asked.path);
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const where = `${asked.method} ${operation?.path ?? asked.path} (${operation?.operationId ?? 'no operation'}) answered ${response.status}`;
    if (operation === undefined) {
      if (response.status < 400 || type !== PROBLEM) throw new ContractError(`${where} ${type}`);
      this.validate(where, '#/components/schemas/ProblemResponse', await response.clone().json());
      return;
    }
    const content = contentOf(operation, response.status, where);
    if (asked.method === 'HEAD' || type === 'text/event-stream') {
      if (type !== '' && !(type in content)) throw new ContractError(`${where} with ${type}`);
      return;
    }
    const text = await response.clone().text();
    if (Object.keys(content).length === 0) {
      if (text !== '') throw new ContractError(`${where} with a body`);
      return;
    }
    if (!(type in content)) throw new ContractError(`${where} with ${type || 'no content type'}`);
    if (!/[/+]json$/.test(type)) return;
    const pointer = ['paths', operation.path, operation.method.toLowerCase(), 'responses', response.status];
    const path = [...pointer, 'content', type, 'schema'].map((part) => escape(String(part))).join('/');
    this.validate(where, `#/${path}`, JSON.parse(text));
  }

  /** Whether a value is what a schema of the document asks for; the document's own schemas are closed. */
  errorsOf(schema: Schema, value: unknown): string[] {
    const inDocument = JSON.parse(JSON.stringify(schema).replaceAll('"#/', `"${DOCUMENT}#/`)) as Schema;
    const validate = this.ajv.compile(inDocument);
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

function contentOf(
  { responses }: ApiOperation,
  status: number,
  where: string,
): Readonly<Record<string, ApiMedia>> {
  const documented = responses[String(status)];
  if (documented === undefined) throw new ContractError(where);
  return documented.content ?? {};
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  const field = instancePath === '' ? 'whole' : `field ${instancePath.slice(1).replaceAll('/', '.')}`;
  return unknown === undefined
    ? `${field} ${message ?? 'is wrong'}`
    : `${field} has the unknown field "${unknown}"`;
}

/** Nothing may be answered that is not documented, though clients are told that answers may grow. */
function close(schema: Schema): void {
  if (schema.items !== undefined) close(schema.items);
  if (schema.properties === undefined) return;
  schema.additionalProperties ??= false;
  Object.values(schema.properties).forEach(close);
}

function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
