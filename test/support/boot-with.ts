import { Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test } from '@nestjs/testing';

/** Boots an app of these controllers with a check of all routes. Returns why the check stopped it, or `booted`. */
export async function bootWith(check: Type, ...controllers: Type[]): Promise<string> {
  @Module({ imports: [DiscoveryModule], providers: [check], controllers })
  class App {}
  const module = await Test.createTestingModule({ imports: [App] }).compile();
  try {
    await module.init();
    return 'booted';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await module.close();
  }
}
