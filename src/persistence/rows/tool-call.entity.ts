import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Refusal, ToolStatus } from '../../domain/conversation';

@Entity('tool_calls')
export class ToolCallRow {
  @PrimaryColumn('text', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('integer', { name: 'turn_seq' }) turnSeq!: number;
  @PrimaryColumn('smallint') position!: number;
  @Column('text') handle!: string;
  @Column('text', { name: 'vendor_id' }) vendorId!: string;
  @Column('text') name!: string;
  @Column('json') input!: unknown;
  @Column('text') status!: ToolStatus;
  @Column('text') text!: string;
  @Column('integer') bytes!: number;
  @Column('integer', { name: 'duration_ms' }) durationMs!: number;
  @Column('text', { nullable: true }) refusal!: Refusal | null;
}
