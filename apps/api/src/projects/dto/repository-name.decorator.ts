import { Matches } from 'class-validator';

const OWNER_AND_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** Accepts the name of a GitHub repository: `owner/name`. */
export const IsRepositoryName = () =>
  Matches(OWNER_AND_NAME, { message: 'must be owner/name, as in the URL of the repository' });
