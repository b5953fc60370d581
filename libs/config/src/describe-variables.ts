import { getMetadataStorage } from 'class-validator';
import { type BoundVariable, boundVariables } from './env.decorator.js';

type Section = abstract new () => object;
type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** One environment variable as the reference shows it. */
export interface VariableDescription extends BoundVariable {
  /** Undefined for a required variable, and for an optional one without a default. */
  readonly default: unknown;
  readonly isRequired: boolean;
  /** The accepted values, such as `1 to 64`; null when any text is accepted. */
  readonly accepts: string | null;
}

/** Describes every variable of a section from its decorators, in the order of the class. */
export function describeVariables(section: Section): VariableDescription[] {
  const defaults = new (section as new () => object)() as Record<string, unknown>;
  return [...boundVariables(section)].map(([property, variable]) => {
    const rules = rulesOf(section, property);
    const isOptional = rules.some(({ type }) => type === 'conditionalValidation');
    return {
      ...variable,
      default: defaults[property],
      isRequired: !isOptional && defaults[property] === undefined,
      accepts: acceptedBy(rules),
    };
  });
}

function rulesOf(section: Section, property: string): Rule[] {
  return getMetadataStorage()
    .getTargetValidationMetadatas(section, '', false, false)
    .filter(({ propertyName }) => propertyName === property);
}

function acceptedBy(rules: readonly Rule[]): string | null {
  const constraintOf = (name: string): unknown => rules.find((rule) => rule.name === name)?.constraints[0];
  const values = constraintOf('isIn') as readonly string[] | undefined;
  if (values !== undefined) return values.join(', ');
  const [least, most] = [constraintOf('min'), constraintOf('max')] as (number | undefined)[];
  if (least !== undefined) return most === undefined ? `${least} or more` : `${least} to ${most}`;
  const message: unknown = rules.find(({ message }) => typeof message === 'string')?.message;
  return typeof message === 'string' ? message.replace(/^must (be |have )?/, '') : null;
}
