import { PROJECT_SETTINGS, type Setting } from '@nexos/settings';
import type { Type } from '@nestjs/common';

interface Decorators {
  readonly setting: (setting: Setting) => PropertyDecorator;
  /** @param type the class of its settings */
  readonly section: (type: Type) => PropertyDecorator;
}

/**
 * Creates a class with a property for each setting of a project, and a class for each section of settings, such as
 * `ServicesDto`.
 *
 * @param suffix suffix of the class names, which the OpenAPI document shows
 */
export function settingsClass<Settings>(suffix: string, decorators: Decorators): Type<Settings> {
  const all = classNamed(`Settings${suffix}`);
  const sections = new Map<string, Type>();
  for (const [path, setting] of PROJECT_SETTINGS) {
    const [first = '', name] = path.split('.');
    if (name === undefined) {
      decorators.setting(setting)(all.prototype as object, first);
      continue;
    }
    const section = sections.get(first) ?? classNamed(inPascalCase(first) + suffix);
    if (!sections.has(first)) decorators.section(section)(all.prototype as object, first);
    sections.set(first, section);
    decorators.setting(setting)(section.prototype as object, name);
  }
  return all as Type<Settings>;
}

function classNamed(name: string): Type {
  const type = class {};
  Object.defineProperty(type, 'name', { value: name });
  return type;
}

function inPascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
