type Values = Readonly<Record<string, unknown>>;

/** The value at a path such as `hooks.seed`; undefined when it is not there. */
export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    return isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, object);
}

/** An object with values put at their paths, of at most two steps; all else of it stays. */
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
