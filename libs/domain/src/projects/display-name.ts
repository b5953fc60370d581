/** A name that people read: at least one visible character, and no control characters. */
export const DISPLAY_NAME = /^(?=.*\S)[^\p{Cc}]{1,100}$/u;
export const DISPLAY_NAME_RULE =
  'must have 1 to 100 characters, at least one of them visible, and no control characters';
