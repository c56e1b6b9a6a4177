import type { Request } from 'express';

/** What a token may do. */
export type Scope = 'alerts:write' | 'triage:read' | 'changes:write';

export const ALL_SCOPES: readonly Scope[] = ['alerts:write', 'triage:read', 'changes:write'];

/** Who calls, as their token says. */
export interface Caller {
  /** Names the token in logs; no secret. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** A request after the token gate; on paths outside it nobody is known. */
export interface KnownRequest extends Request {
  caller?: Caller;
}
