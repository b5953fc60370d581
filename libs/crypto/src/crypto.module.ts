import { Module } from '@nestjs/common';
import { Sealer } from './sealer.js';

@Module({ providers: [Sealer], exports: [Sealer] })
export class CryptoModule {}
