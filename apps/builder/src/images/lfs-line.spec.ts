import { describe, expect, it } from 'vitest';
import { lineOnPointers } from './lfs-line.js';

describe('lineOnPointers', () => {
  it('names the files, on one line', () => {
    expect(lineOnPointers([])).toBeNull();
    expect(lineOnPointers(['a.bin', 'b\n.bin'])).toMatch(/: a\.bin, b\?\.bin$/);
  });

  it('counts the files beyond the tenth', () => {
    const paths = Array.from({ length: 22 }, (_, index) => `${index}.bin`);
    expect(lineOnPointers(paths)).toMatch(/: 0\.bin, .*9\.bin and 12 more$/);
  });
});
