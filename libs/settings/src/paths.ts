type Values = Readonly<Record<string, unknown>>;

/** Returns the value at a path such as `hooks.seed`; undefined if the path does not exist. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    return isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, object);
}

/** Returns a copy of an object with values set at their paths, of at most two steps. */
export function withValues(
  object: Values,
  values: readonly (readonly [path: string, value: unknown])[],
): Values {
  const result: Record<string, unknown> = { ...object };
  for (const [path, value] of values) {
    const [first = '', second] = path.split('.');
    if (second === undefined) result[first] = value;
    else result[first] = { ...(isObject(result[first]) ? result[first] : {}), [second]: value };
  }
  return result;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null;
}
