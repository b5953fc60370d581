import { componentOf, type Schema, type Schemas } from './schema.js';

/**
 * Builds an example of a whole body from the examples of its fields. Leaves out optional fields without an example.
 *
 * @param place what the schema describes, for the error
 * @throws {Error} naming a field that has no example and nothing to derive one from
 */
export function exampleOf(schema: Schema, schemas: Schemas, place: string): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const component = componentOf(schema);
  if (component !== undefined) return exampleOf(schemas[component] ?? {}, schemas, component);
  const [choice] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (choice !== undefined && schema.type === undefined) return exampleOf(choice, schemas, place);
  const types = [schema.type ?? []].flat();
  if (types.includes('object') && schema.properties !== undefined)
    return exampleOfObject(schema, schemas, place);
  if (types.includes('array') && schema.items !== undefined) return [exampleOf(schema.items, schemas, place)];
  if (types.includes('boolean')) return true;
  if (types.includes('null')) return null;
  throw new Error(`${place} has no example: add one in an @ApiProperty`);
}

function exampleOfObject(schema: Schema, schemas: Schemas, place: string): Record<string, unknown> {
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).filter(
    ([name, field]) => required.includes(name) || hasExample(field),
  );
  return Object.fromEntries(
    fields.map(([name, field]) => [name, exampleOf(field, schemas, `${place}.${name}`)]),
  );
}

function hasExample(field: Schema): boolean {
  return field.example !== undefined || field.default !== undefined || componentOf(field) !== undefined;
}
