import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AlertStatus, Labels } from '../../domain/alert';

@Entity('firings')
export class FiringRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') fingerprint!: string;
  @Column('timestamptz', { name: 'starts_at' }) startsAt!: Date;
  @Column('timestamptz', { name: 'ends_at', nullable: true }) endsAt!: Date | null;
  @Column('text') status!: AlertStatus;
  @Column('jsonb') labels!: Labels;
  @Column('jsonb') annotations!: Labels;
  @Column('text', { name: 'generator_url', nullable: true }) generatorUrl!: string | null;
  @Column('integer', { name: 'times_seen' }) timesSeen!: number;
}
