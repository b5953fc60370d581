import { expect, it } from 'vitest';
import { PutVariablesPipe } from './put-variables.pipe.js';

it('PutVariablesPipe rejects a list that is too long without reading its variables', async () => {
  const untouchable = new Proxy(
    {},
    {
      get: () => {
        throw new Error('a variable was read');
      },
    },
  );
  const variables = Array.from({ length: 501 }, () => untouchable);
  await expect(new PutVariablesPipe().transform({ variables })).rejects.toMatchObject({
    errors: [{ field: 'variables', message: 'must have at most 500 variables' }],
  });
});
