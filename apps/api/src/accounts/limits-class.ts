import { LIMIT_NAMES, type LimitName } from '@nexos/domain';
import type { Type } from '@nestjs/common';

/**
 * Creates a class with a property for each limit of an account.
 *
 * @param decorate returns the decorator of a limit's property
 */
export function limitsClass<Values>(decorate: (limit: LimitName) => PropertyDecorator): Type<Values> {
  const type = class {};
  for (const name of LIMIT_NAMES) decorate(name)(type.prototype, name);
  return type as Type<Values>;
}
