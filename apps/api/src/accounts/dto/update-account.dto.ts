import {
  type LimitName,
  limitProblem,
  LIMITS,
  MAX_LIMIT,
  PLAN_NAMES,
  PLANS,
  type PlanName,
} from '@nexos/domain';
import { applyDecorators } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsIn, IsObject, ValidateNested } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Optional, OptionalOrNull } from '../../http/optional.decorator.js';
import { limitsClass } from '../limits-class.js';

/** Single limits of an account; null restores the one of the plan. */
export class LimitsDto extends limitsClass<Partial<Record<LimitName, number | null>>>((name) => {
  const { kind, least, description } = LIMITS[name];
  return applyDecorators(
    ApiProperty({
      type: kind,
      required: false,
      nullable: true,
      minimum: least,
      maximum: MAX_LIMIT,
      description,
      example: PLANS.pro[name],
    }),
    OptionalOrNull(),
    Conforms((value) => limitProblem(name, value)),
  );
}) {}

/** The body of `PATCH /accounts/:id`. Fields that are left out keep their values. */
export class UpdateAccountDto {
  @ApiProperty({ enum: PLAN_NAMES, required: false, example: 'pro' })
  @Optional()
  @IsIn(PLAN_NAMES, { message: `must be ${PLAN_NAMES.join(', ')}` })
  plan?: PlanName;

  @ApiProperty({
    type: LimitsDto,
    required: false,
    description:
      'Single limits, which win over those of the plan. Null restores the one of the plan; limits that are left out stay.',
  })
  @Optional()
  @ValidateNested({ message: 'must be an object' })
  @IsObject({ message: 'must be an object' })
  @Type(() => LimitsDto)
  limits?: LimitsDto;
}
