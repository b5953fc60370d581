import { code, defaultText, table } from './markdown.js';
import { componentOf, type Schema, titleOf } from './openapi.js';

type Schemas = Readonly<Record<string, Schema>>;

const ID = /^\^([a-z]+)_/;

/** Returns the type of a value in a few words: `integer, 1 to 100`. */
export function typeText(schema: Schema): string {
  const component = componentOf(schema);
  if (component !== undefined) return linkTo(component);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.const !== undefined) return defaultText(schema.const);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any']);
  return types.map((type) => (type === 'null' ? 'null' : namedType(type, schema))).join(' or ');
}

function namedType(type: string, schema: Schema): string {
  if (type === 'array') {
    const items = typeText(schema.items ?? {});
    return `list${countText(schema)}${items === 'string' ? (countText(schema) === '' ? ' of' : '') + ' strings' : ` of ${items}`}`;
  }
  if (type === 'integer' || type === 'number') return type + rangeText(schema);
  if (type !== 'string') return type;
  const prefix = ID.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined) return `id ${code(`${prefix}_…`)}`;
  if (schema.format === 'date-time') return 'time';
  if (schema.format === 'uri') return 'URL';
  return schema.maxLength === undefined ? 'string' : `string, at most ${count(schema.maxLength)} characters`;
}

function rangeText({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${count(minimum)} to ${count(maximum)}`;
  if (minimum !== undefined) return `, ${count(minimum)} or more`;
  return maximum === undefined ? '' : `, at most ${count(maximum)}`;
}

function countText({ minItems, maxItems }: Schema): string {
  if (maxItems === undefined) return '';
  return minItems === undefined ? ` of at most ${maxItems}` : ` of ${minItems} to ${maxItems}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function linkTo(component: string): string {
  const title = titleOf(component);
  return `[${title}](#${title.toLowerCase().replaceAll(' ', '-')})`;
}

/** Returns a table of a body's fields, the required ones first and those of nested objects by their paths. */
export function bodyTable(component: string, schemas: Schemas): string {
  const fields = fieldsOf(component, schemas, '').sort(
    ([, , one], [, , other]) => Number(other) - Number(one),
  );
  const rows = fields.map(([name, field, isRequired]) => [
    code(name),
    typeText(field),
    isRequired ? 'yes' : 'no',
    describe(field),
  ]);
  return table(['field', 'type', 'required', 'description'], rows);
}

/** Returns a table of an answer's fields. */
export function objectTable(component: string, schemas: Schemas): string {
  const rows = Object.entries(schemas[component]?.properties ?? {}).map(([name, field]) => [
    code(name),
    typeText(field),
    describe(field),
  ]);
  return table(['field', 'type', 'description'], rows);
}

type Field = readonly [name: string, schema: Schema, isRequired: boolean];

function fieldsOf(component: string, schemas: Schemas, prefix: string): Field[] {
  const { properties = {}, required = [] } = schemas[component] ?? {};
  return Object.entries(properties).flatMap(([name, field]): Field[] => {
    const inner = componentOf(field) ?? componentOf(field.items ?? {});
    const path = prefix + name;
    if (inner === undefined) return [[path, field, required.includes(name)]];
    const isList = field.items !== undefined;
    const list: Field[] = isList
      ? [[path, { type: `list${countText(field)}` }, required.includes(name)]]
      : [];
    return [...list, ...fieldsOf(inner, schemas, `${path}${isList ? '[]' : ''}.`)];
  });
}

function describe({ description = '', default: initial }: Schema): string {
  return initial === undefined ? description : `${description} Default: ${defaultText(initial)}.`.trim();
}
