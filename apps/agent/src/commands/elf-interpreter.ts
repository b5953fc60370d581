const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const PT_INTERP = 3;
const MAX_HEADERS = 64;

/**
 * Returns the program that the kernel starts for a dynamically linked one, such as `/lib64/ld-linux-x86-64.so.2`, or null
 * if the file names none in its first bytes. Layout: elf(5).
 */
export function elfInterpreter(head: Buffer): string | null {
  if (head.length < 64 || !head.subarray(0, 4).equals(MAGIC)) return null;
  const is64 = head[4] === 2;
  const isLittle = head[5] === 1;
  const half = (at: number) => (isLittle ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const word = (at: number) => (isLittle ? head.readUInt32LE(at) : head.readUInt32BE(at));
  const long = (at: number) => Number(isLittle ? head.readBigUInt64LE(at) : head.readBigUInt64BE(at));
  const size = (at: number) => (is64 ? long(at) : word(at));
  const first = size(is64 ? 32 : 28);
  const length = half(is64 ? 54 : 42);
  const count = Math.min(half(is64 ? 56 : 44), MAX_HEADERS);
  for (let at = first; at < first + count * length; at += length) {
    if (length < 32 || at + length > head.length) return null;
    if (word(at) !== PT_INTERP) continue;
    const from = size(at + (is64 ? 8 : 4));
    const bytes = size(at + (is64 ? 32 : 16));
    if (from + bytes > head.length || bytes < 2) return null;
    return head.toString('latin1', from, from + bytes - 1);
  }
  return null;
}
