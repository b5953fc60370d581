/** What is stored of a commit's message and of its author's name, in UTF-16 units. */
export const COMMIT_MESSAGE_LIMIT = 4_000;
export const COMMIT_AUTHOR_LIMIT = 255;
