// @ts-check
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The accounts, and which of them owns which bucket: in one file, that is there whole or not at all. */
export class Accounts {
  /** @type {Map<string, string>} */
  #secrets;
  /** @type {Map<string, string>} */
  #owners;
  #file;

  /** @param {string} folder */
  constructor(folder) {
    this.#file = join(folder, 'accounts.json');
    const { secrets, owners } = existsSync(this.#file)
      ? JSON.parse(readFileSync(this.#file, 'utf8'))
      : { secrets: [], owners: [] };
    this.#secrets = new Map(secrets);
    this.#owners = new Map(owners);
  }

  /** @param {string} name */
  secretOf(name) {
    return this.#secrets.get(name);
  }

  /** @param {string} bucket */
  ownerOf(bucket) {
    return this.#owners.get(bucket);
  }

  names() {
    return [...this.#secrets.keys()].sort();
  }

  /** @param {string} name */
  bucketsOf(name) {
    return [...this.#owners].filter(([, owner]) => owner === name).map(([bucket]) => bucket);
  }

  /**
   * @param {string} name
   * @param {string} secret
   */
  setSecret(name, secret) {
    this.#secrets.set(name, secret);
    this.#write();
  }

  /**
   * @param {string} bucket
   * @param {string} owner
   */
  setOwner(bucket, owner) {
    this.#owners.set(bucket, owner);
    this.#write();
  }

  /**
   * What it owned is nobody's then.
   *
   * @param {string} name
   */
  remove(name) {
    this.#secrets.delete(name);
    for (const bucket of this.bucketsOf(name)) this.#owners.delete(bucket);
    this.#write();
  }

  #write() {
    const text = JSON.stringify({ secrets: [...this.#secrets], owners: [...this.#owners] });
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
