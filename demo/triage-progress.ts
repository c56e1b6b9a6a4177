/** A triage as `GET /api/v1/triage/{id}` shows it, as far as the demo reads it. */
export interface SeenTriage {
  readonly id: string;
  readonly status: string;
  readonly outcome?: string;
  readonly ended_by?: string;
  readonly analysis?: string;
  readonly report?: {
    readonly headline: string;
    readonly what_is_happening: string;
    readonly root_cause: {
      readonly statement: string;
      readonly component: string;
      readonly change: string | null;
      readonly confidence: string;
    };
    readonly ruled_out: readonly string[];
    readonly evidence: readonly { readonly claim: string; readonly source: string; readonly quote: string }[];
    readonly could_not_check: readonly string[];
  };
  readonly model?: string;
  readonly tool_calls?: number;
  readonly tokens_in?: number;
  readonly tokens_out?: number;
  readonly cost_usd?: number | null;
  readonly duration_seconds?: number;
  readonly link?: string;
  readonly conversations?: readonly { readonly turns: readonly { readonly content: readonly SeenBlock[] }[] }[];
}

export interface SeenBlock {
  readonly type: string;
  readonly text?: string;
  readonly handle?: string;
  readonly name?: string;
  readonly input?: { readonly query?: string };
  readonly status?: string;
  readonly bytes?: number;
  readonly duration_seconds?: number;
}

/** Remembers what was shown: every call and every result is one line, once. */
export class TriageProgress {
  private readonly shown = new Set<string>();

  /** What is new since the last look. */
  linesOf(triage: SeenTriage): string[] {
    const blocks = (triage.conversations ?? []).flatMap(({ turns }) => turns.flatMap(({ content }) => content));
    return blocks.flatMap((block) => {
      const line = lineOf(block);
      const key = `${block.type} ${block.handle}`;
      if (!line || this.shown.has(key)) return [];
      this.shown.add(key);
      return [line];
    });
  }
}

function lineOf({
  type,
  handle,
  name,
  input,
  status,
  bytes,
  duration_seconds: seconds,
}: SeenBlock): string | undefined {
  if (type === 'tool_use') return `  ${handle}  ${name}  ${oneLine(input?.query ?? '')}`;
  if (type !== 'tool_result' || handle?.startsWith('s')) return undefined;
  const size = bytes === undefined ? '' : `, ${(bytes / 1024).toFixed(1)} kB`;
  const took = seconds === undefined ? '' : `, ${Math.round(seconds * 1000)} ms`;
  return `  ${handle}  → ${status}${size}${took}`;
}

function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
}
