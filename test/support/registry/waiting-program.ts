const BASE = 0x400000;
const HEADERS = 64 + 56;
/** `pause`, again and again: mov eax, 34; syscall; jmp back. */
const CODE = Buffer.from([0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7]);

/**
 * Returns a program for Linux on amd64 that waits until a signal ends it and needs no other file, so that an image can consist
 * of it alone. Its one segment is loaded as a whole: https://refspecs.linuxfoundation.org/elf/elf.pdf
 */
export function waitingProgram(): Buffer {
  const file = Buffer.alloc(HEADERS + CODE.length);
  file.write('\x7fELF', 'latin1');
  // 64 bits, little-endian, version 1.
  file.set([2, 1, 1], 4);
  file.writeUInt16LE(2, 16); // an executable
  file.writeUInt16LE(62, 18); // for amd64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(BASE + HEADERS), 24); // where it begins
  file.writeBigUInt64LE(64n, 32); // the program header follows this one
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // a segment to load
  file.writeUInt32LE(5, 68); // to read and execute
  for (const at of [80, 88]) file.writeBigUInt64LE(BigInt(BASE), at);
  for (const at of [96, 104]) file.writeBigUInt64LE(BigInt(file.length), at);
  file.writeBigUInt64LE(0x1000n, 112);
  CODE.copy(file, HEADERS);
  return file;
}
