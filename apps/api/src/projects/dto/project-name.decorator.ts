import { applyDecorators } from '@nestjs/common';
import { Matches } from 'class-validator';

const OWNER_AND_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** What a project may be called. */
export const ProjectName = () =>
  applyDecorators(
    Matches(/\S/, { message: 'must have a visible character' }),
    Matches(/^[^\p{Cc}]{1,100}$/u, { message: 'must have 1 to 100 characters, no control characters' }),
  );

/** A repository as GitHub names it: `owner/name`. */
export const RepositoryName = () =>
  applyDecorators(
    Matches(OWNER_AND_NAME, { message: 'must be owner/name, as in the address of the repository' }),
  );
