// @ts-check
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { codeOf } from './setup-error.mjs';

/**
 * Writes a file so that a reader, or a run after a crash, sees either the old text or the whole new one.
 *
 * @param {string} path
 * @param {string} text
 * @param {number} mode permission bits of the file
 */
export function writeAtomically(path, text, mode) {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = openSync(temporary, 'w', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/**
 * @param {string} path
 * @returns {string | undefined} the file's text, or `undefined` when there is no such file
 */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
