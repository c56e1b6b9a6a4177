import { Column, Entity, JoinTable, ManyToMany, PrimaryColumn, type Relation } from 'typeorm';
import type { Report } from '../../domain/report';
import type { EndedBy, Outcome, TriageStatus, WaitReason } from '../../domain/triage';
import { FiringRow } from './firing.entity';
import { numeric } from './numeric';

@Entity('triages')
export class TriageRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') status!: TriageStatus;
  @Column('text', { nullable: true }) outcome!: Outcome | null;
  @Column('text', { name: 'ended_by', nullable: true }) endedBy!: EndedBy | null;
  @Column('text', { name: 'wait_reason', nullable: true }) waitReason!: WaitReason | null;
  @Column('text', { name: 'alert_name' }) alertName!: string;
  @Column('text') fingerprint!: string;
  @Column('text', { nullable: true }) severity!: string | null;
  @Column('text', { nullable: true }) summary!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'due_at' }) dueAt!: Date;
  @Column('timestamptz', { name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { name: 'completed_at', nullable: true }) completedAt!: Date | null;
  @Column('integer', { name: 'truncated_alerts', nullable: true }) truncatedAlerts!: number | null;
  @Column('integer') attempts!: number;
  @Column('bigint', { name: 'running_ms', transformer: numeric }) runningMs!: number;
  @Column('text', { nullable: true }) analysis!: string | null;
  @Column('json', { nullable: true }) report!: Report | null;
  @ManyToMany(() => FiringRow)
  @JoinTable({
    name: 'triage_firings',
    joinColumn: { name: 'triage_id' },
    inverseJoinColumn: { name: 'firing_id' },
  })
  firings!: Relation<FiringRow>[];
}
