import { LIMIT_NAMES, LIMITS, PLAN_NAMES, PLANS } from '@nexos/domain';
import { code, page, table } from './markdown.js';

const INTRODUCTION = `An account has the limits of its plan. An operator can [set the plan and single limits](../operating/plans.md).
[The guide](../guides/quotas.md) says how they count.`;

/** Returns `plans.md`, from the tables of plans and limits. */
export function plansPage(): string {
  const rows = LIMIT_NAMES.map((name) => [
    code(name),
    ...PLAN_NAMES.map((plan) => PLANS[plan][name].toLocaleString('en')),
    LIMITS[name].description,
  ]);
  return page('Plans and limits', INTRODUCTION, table(['limit', ...PLAN_NAMES.map(code), 'of'], rows));
}
