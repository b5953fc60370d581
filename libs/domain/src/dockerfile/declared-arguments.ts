import { dialectsOf } from './dialect.js';
import { TooComplexError, WorkBudget } from './go-text.js';
import { readInstructions, splitInstruction, splitWords } from './instructions.js';

const BUDGET = 5_000_000;

/**
 * Returns which of the names a Dockerfile declares with ARG, in any stage and also without one. In a Dockerfile that is
 * too complex to read, none.
 */
export function declaredArguments<Name extends string>(dockerfile: string, names: readonly Name[]): Name[] {
  const declared = new Set<string>();
  const budget = new WorkBudget(BUDGET);
  try {
    for (const dialect of dialectsOf(dockerfile)) {
      for (const instruction of readInstructions(dockerfile, dialect, budget)) {
        const { name, args } =
          instruction.name === 'onbuild' ? splitInstruction(instruction.args, dialect) : instruction;
        if (name !== 'arg') continue;
        for (const word of splitWords(args, dialect.escape)) declared.add(word.split('=', 1)[0] ?? '');
      }
    }
  } catch (error) {
    if (!(error instanceof TooComplexError)) throw error;
  }
  return names.filter((name) => declared.has(name));
}
