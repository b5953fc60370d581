import { expect, it } from 'vitest';
import { PutVariablesPipe } from './put-variables.pipe.js';

it('looks at no variable of a list that is too long', async () => {
  const untouchable = new Proxy(
    {},
    {
      get: () => {
        throw new Error('looked at');
      },
    },
  );
  const variables = Array.from({ length: 501 }, () => untouchable);
  await expect(new PutVariablesPipe().transform({ variables })).rejects.toMatchObject({
    errors: [{ field: 'variables', message: 'must hold at most 500 variables' }],
  });
});
