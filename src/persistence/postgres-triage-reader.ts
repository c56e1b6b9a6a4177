import { Injectable } from '@nestjs/common';
import type { Triage } from '../domain/triage';
import { TriageReader } from '../triage/ports/triage-reader';
import { StoredTriages } from './stored-triages';

@Injectable()
export class PostgresTriageReader extends TriageReader {
  constructor(private readonly stored: StoredTriages) {
    super();
  }

  find(triageId: string): Promise<Triage | undefined> {
    return this.stored.find(triageId);
  }
}
