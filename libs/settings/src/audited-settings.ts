import { maskedCommand } from '@nexos/domain';
import { PROJECT_SETTINGS } from './all-settings.js';
import { CONTAINER_FIELDS, type ContainerFieldRules } from './containers/container-fields.js';
import { valueAt, withValues } from './paths.js';
import type { Setting, TextRules } from './setting.js';

type Kind = Setting['kind'] | ContainerFieldRules['kind'];
type Values = Readonly<Record<string, unknown>>;
const whole = (value: unknown) => value;

/** What the audit log shows of a value, by the kind of its setting. */
const SHOWN: Readonly<Record<Exclude<Kind, 'text'>, (value: unknown) => unknown>> = {
  integer: whole,
  number: whole,
  boolean: whole,
  service: whole,
  globs: whole,
  'path-globs': whole,
  names: whole,
  variables: (value) => Object.keys(value as Values).sort(),
  command: shownCommand,
  containers: (value) => (value as readonly Values[]).map(shownContainer),
};
const SHOWN_TEXTS: Readonly<Record<TextRules['audited'], (value: string) => string>> = {
  whole: (text) => text,
  'without-query': (text) => text.replace(/\?.*$/s, '?***'),
};

/**
 * Returns what the audit log shows of settings in the form that users see: of variables the names, and of commands what does not look
 * like a secret. Fields that are no settings are left out.
 */
export function auditedSettings(settings: Values): Values {
  const values = PROJECT_SETTINGS.flatMap(([name, setting]) => {
    const value = valueAt(settings, name);
    return value === undefined ? [] : [[name, shown(setting, value)] as const];
  });
  return withValues({}, values);
}

function shown(rules: Setting | ContainerFieldRules, value: unknown): unknown {
  if (value === null) return null;
  return rules.kind === 'text' ? SHOWN_TEXTS[rules.audited](value as string) : SHOWN[rules.kind](value);
}

function shownContainer(container: Values): Values {
  const fields: Readonly<Record<string, ContainerFieldRules>> = CONTAINER_FIELDS;
  return Object.fromEntries(
    Object.entries(container).flatMap(([name, value]) => {
      const rules = fields[name];
      return rules === undefined ? [] : [[name, shown(rules, value)] as const];
    }),
  );
}

function shownCommand(command: unknown): unknown {
  return typeof command === 'string' ? maskedCommand([command])[0] : maskedCommand(command as string[]);
}
