/** Returns commands with which an environment would reach another one's data, or the server itself. */
export function forbiddenRedisCommands(otherDatabase: string): string[][] {
  return [
    ['SELECT', otherDatabase],
    ['COPY', 'note', 'note', 'DB', otherDatabase],
    ['MOVE', 'note', otherDatabase],
    ['SWAPDB', '0', otherDatabase],
    ['FLUSHALL'],
    ['CONFIG', 'GET', '*'],
    ['ACL', 'LIST'],
    ['CLIENT', 'LIST'],
    ['SHUTDOWN'],
    ['EVAL', `redis.call('SELECT', '${otherDatabase}')`, '0'],
    ['FUNCTION', 'LIST'],
    ['SCRIPT', 'FLUSH'],
    ['SCRIPT', 'KILL'],
    ['CLIENT', 'TRACKING', 'ON', 'BCAST'],
  ];
}
