import type { OperationObject } from '@nestjs/swagger';

/** The part of JSON Schema 2020-12, the schema language of OpenAPI 3.1, that this API uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  example?: unknown;
  default?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}
export type Schemas = Record<string, Schema>;

const COMPONENT = '#/components/schemas/';

/** Returns the name of the component that a schema refers to. */
export function componentOf(schema: Schema): string | undefined {
  return schema.$ref?.startsWith(COMPONENT) === true ? schema.$ref.slice(COMPONENT.length) : undefined;
}

export function schemaNamed(name: string): Schema {
  return { $ref: COMPONENT + name };
}

type Content = Record<string, { schema?: Schema; example?: unknown; examples?: Record<string, unknown> }>;

/** Returns the schemas of the bodies that an operation accepts. */
export function bodySchemasOf(operation: OperationObject): Schema[] {
  const content = (operation.requestBody as { content?: Content } | undefined)?.content ?? {};
  return Object.values(content).flatMap(({ schema }) => schema ?? []);
}
