import { SignInConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { fastifyCookie, type SerializeOptions } from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';

/** Reads and writes our cookies. Scripts cannot read them; from other sites, browsers send them only with links. */
@Injectable()
export class Cookies {
  private readonly attributes: SerializeOptions;

  constructor({ publicApiUrl }: SignInConfig) {
    this.attributes = { httpOnly: true, sameSite: 'lax', secure: publicApiUrl.startsWith('https:') };
  }

  /** Returns a `Set-Cookie` header. */
  set(name: string, value: string, path: string, maxAgeSeconds: number): string {
    return fastifyCookie.serialize(name, value, { ...this.attributes, path, maxAge: maxAgeSeconds });
  }

  /** Returns a `Set-Cookie` header that deletes the cookie. */
  clear(name: string, path: string): string {
    return fastifyCookie.serialize(name, '', { ...this.attributes, path, maxAge: 0, expires: new Date(0) });
  }

  read(name: string, request: FastifyRequest): string | undefined {
    const header = request.headers.cookie;
    return header === undefined ? undefined : fastifyCookie.parse(header)[name];
  }
}
