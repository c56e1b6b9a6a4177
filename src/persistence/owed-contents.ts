import { Injectable } from '@nestjs/common';
import type { DigestItem } from '../domain/digest';
import { toldText } from '../domain/marked-text';
import type { Notice, NoticeAbout } from '../domain/notice';
import type { CheckedFigure, Confidence } from '../domain/report';
import type { Outcome } from '../domain/triage';
import { verdictWith } from '../domain/verdict';
import type { Content, Debt } from '../notification/ports/delivery-ledger';
import { Database } from './database';
import { StoredTriages } from './stored-triages';

/** A claimed row with the words that a notice keeps in it. */
export interface ClaimedDebt extends Debt {
  readonly detail: string | null;
}

/** What the claimed debts are about, as it stands now. */
@Injectable()
export class OwedContents {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredTriages,
  ) {}

  /** Undefined when the triage is gone. */
  async single(debt: ClaimedDebt): Promise<Content | undefined> {
    if (debt.kind === 'notice') return { kind: 'notice', notice: await this.notice(debt) };
    const triage = await this.stored.find(debt.subjectId);
    return triage && { kind: 'report', triage };
  }

  /** For each debt what a digest tells of it; undefined where the triage is gone. */
  async digested(debts: readonly ClaimedDebt[]): Promise<(DigestItem | undefined)[]> {
    const reports = debts.filter((debt) => debt.kind === 'report').map((debt) => debt.subjectId);
    const rows = await this.database.read<DigestedRow>(DIGESTED, [reports]);
    const items = new Map(rows.map((row) => [row.id, itemFrom(row)]));
    return Promise.all(
      debts.map(async (debt) =>
        debt.kind === 'notice' ? { kind: 'notice', notice: await this.notice(debt) } : items.get(debt.subjectId),
      ),
    );
  }

  private async notice({ subjectId, detail }: ClaimedDebt): Promise<Notice> {
    const about = subjectId.split(':')[0] as NoticeAbout;
    const [row] = await this.database.read<{ waiting: number; goes_on_at: Date | null }>(
      `SELECT count(*)::int AS waiting, min(due_at) AS goes_on_at FROM triages WHERE status = 'waiting' AND wait_reason = $1`,
      [about],
    );
    return { about, happened: detail ?? '', waiting: row!.waiting, goesOnAt: row!.goes_on_at ?? undefined };
  }
}

/** Only what a line needs: a digest of a storm must not load its conversations. */
const DIGESTED = `
  SELECT id, alert_name, severity, outcome, summary, report ->> 'headline' AS headline,
         report -> 'rootCause' ->> 'confidence' AS confidence,
         (SELECT json_agg(figure) FROM json_array_elements(report #> '{check,figures}') AS figure
          WHERE figure ->> 'verified' = 'unverified' AND figure ->> 'field' IN ('headline', 'root_cause')) AS doubtful
  FROM triages WHERE id = ANY ($1::text[])`;

interface DigestedRow {
  id: string;
  alert_name: string;
  severity: string | null;
  outcome: Outcome | null;
  summary: string | null;
  headline: string | null;
  confidence: Confidence | null;
  /** The figures of headline and cause that nothing bears out; null: none. */
  doubtful: CheckedFigure[] | null;
}

function itemFrom(row: DigestedRow): DigestItem {
  const check = { figures: row.doubtful ?? [], faults: [] };
  return {
    kind: 'report',
    triageId: row.id,
    alertName: row.alert_name,
    severity: row.severity ?? undefined,
    verdict: verdictWith(row.outcome ?? undefined, row.confidence ?? undefined, check.figures.length > 0),
    gist: row.headline === null ? (row.summary ?? undefined) : toldText(row.headline, 'headline', check),
  };
}
