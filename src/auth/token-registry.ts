import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiConfig } from '../config/slices';
import { ALL_SCOPES, type Caller } from './caller';

interface Entry {
  readonly sha256: Buffer;
  readonly caller: Caller;
}

/** The tokens that are let in. Only their digests are kept. */
@Injectable()
export class TokenRegistry {
  private readonly entries: readonly Entry[];

  constructor(config: ApiConfig) {
    this.entries = [{ sha256: sha256(config.apiToken), caller: { name: 'api-token', scopes: ALL_SCOPES } }];
  }

  /** @param authorization the header as it came; its scheme may be in any case */
  callerOf(authorization: string | undefined): Caller | undefined {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const digest = sha256(token);
    // Every entry is compared, in constant time: neither length nor place of a token can be measured.
    return this.entries.filter((entry) => timingSafeEqual(entry.sha256, digest))[0]?.caller;
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
