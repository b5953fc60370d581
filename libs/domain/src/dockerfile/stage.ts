import type { Instruction } from './instructions.js';
import { UNKNOWN, type Variable } from './shell-word.js';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The variables of a build stage, and the instructions that stages based on it run first. */
export class Stage {
  readonly triggers: Instruction[] = [];
  private readonly variables = new Map<string, string>();
  /** True once an unknown name was set, so that any variable may have another value. */
  private isOpaque = false;

  /** @param hasImage whether an image may have set variables */
  constructor(private readonly hasImage: boolean) {}

  static from(image: string): Stage {
    const stage = new Stage(image !== 'scratch');
    if (!stage.hasImage) stage.set('PATH', DEFAULT_PATH);
    return stage;
  }

  get size(): number {
    return this.variables.size;
  }

  set(name: string, value: string): void {
    if (name.includes(UNKNOWN)) this.isOpaque = true;
    else this.variables.set(name, value);
  }

  lookup(name: string): Variable {
    const value = this.variables.get(name);
    const isUnknown = this.isOpaque || (value === undefined ? this.hasImage : value.includes(UNKNOWN));
    return { value, isUnknown };
  }

  /** Returns a stage that begins with this one's variables. */
  child(): Stage {
    const child = new Stage(this.hasImage);
    for (const [name, value] of this.variables) child.variables.set(name, value);
    child.isOpaque = this.isOpaque;
    return child;
  }
}
