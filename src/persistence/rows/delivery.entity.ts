import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Channel, DeliveryKind, DeliveryState } from '../../domain/delivery';

@Entity('deliveries')
export class DeliveryRow {
  @PrimaryColumn('text') id!: string;
  @Column('text') channel!: Channel;
  @Column('text') kind!: DeliveryKind;
  @Column('text', { name: 'subject_id' }) subjectId!: string;
  @Column('text') state!: DeliveryState;
  @Column('integer') attempts!: number;
  @Column('timestamptz', { name: 'delivered_at', nullable: true }) deliveredAt!: Date | null;
  @Column('text', { nullable: true }) reason!: string | null;
}
