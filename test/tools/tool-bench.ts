import { TraceService } from 'nestjs-otel';
import type { BackendTarget } from '../../src/config/slices';
import { Clock } from '../../src/domain/clock';
import { Ids } from '../../src/domain/ids';
import type { Tool } from '../../src/tools/tool';
import { type Asker, Toolbox, type ToolboxParts } from '../../src/tools/toolbox';
import { type Records, toolsFor } from '../../src/tools/tools.module';

/** Now is fixed; the rest is the process' own. */
export class ClockAt extends Clock {
  constructor(private readonly at: Date) {
    super();
  }
  now(): Date {
    return this.at;
  }
  monotonicMs(): number {
    return performance.now();
  }
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

class CountedIds extends Ids {
  private count = 0;
  next(): string {
    this.count += 1;
    return `01BOUNDARY${String(this.count).padStart(16, '0')}`;
  }
}

/** The investigation that the calls of a spec belong to. */
export const ASKER: Asker = {
  conversationId: '01CONVERSATION0000000000000',
  startsAt: new Date('2026-11-23T19:20:00Z'),
  now: new Date('2026-11-23T19:30:00Z'),
  roomChars: 64_000,
};

export function toolbox(tools: readonly Tool[], more: Partial<ToolboxParts> = {}): Toolbox {
  return new Toolbox({
    tools,
    clock: new ClockAt(new Date('2026-11-23T19:30:00Z')),
    ids: new CountedIds(),
    trace: new TraceService(),
    timeoutMs: 5000,
    ...more,
  });
}

/** Vigil's own record before anything happened. */
const NOTHING_RECORDED: Records = {
  changes: {
    nearest: () => Promise.resolve({ changes: [], total: 0, before: 0 }),
    records: () => Promise.resolve({ lastSevenDays: 0 }),
  },
  results: { read: () => Promise.resolve(undefined), handles: () => Promise.resolve([]) },
};

/** The toolbox of the program over these backends. */
export function toolboxFor(
  backends: {
    readonly prometheus: BackendTarget;
    readonly loki?: BackendTarget;
    readonly alertmanager?: BackendTarget;
  },
  more: Partial<ToolboxParts> = {},
): Toolbox {
  return toolbox(toolsFor(backends, NOTHING_RECORDED), more);
}

/** The text between the fences. */
export function insideOf(text: string): string {
  return /^\[\w+\] \w+\n<<<data \w+\n(.*)\n\w+>>>$/s.exec(text)?.[1] ?? `no fence around: ${text}`;
}
