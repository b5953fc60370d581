import { Matches } from 'class-validator';

const OWNER_AND_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** A repository as GitHub names it: `owner/name`. */
export const IsRepositoryName = () =>
  Matches(OWNER_AND_NAME, { message: 'must be owner/name, as in the address of the repository' });
