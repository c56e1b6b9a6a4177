import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Block, StopReason } from '../../domain/conversation';
import { numeric } from './numeric';

@Entity('turns')
export class TurnRow {
  @PrimaryColumn('text', { name: 'conversation_id' }) conversationId!: string;
  @PrimaryColumn('integer') seq!: number;
  @Column('text') role!: 'user' | 'assistant';
  @Column('text') wire!: string;
  @Column('json') blocks!: Block[];
  @Column('timestamptz') at!: Date;
  @Column('text', { name: 'stop_reason', nullable: true }) stopReason!: StopReason | null;
  @Column('text', { nullable: true }) model!: string | null;
  @Column('bigint', { name: 'input_tokens', nullable: true, transformer: numeric }) inputTokens!: number | null;
  @Column('bigint', { name: 'output_tokens', nullable: true, transformer: numeric }) outputTokens!: number | null;
  @Column('bigint', { name: 'cache_read_tokens', nullable: true, transformer: numeric }) cacheReadTokens!:
    number | null;
  @Column('bigint', { name: 'cache_write_tokens', nullable: true, transformer: numeric }) cacheWriteTokens!:
    number | null;
  @Column('numeric', { name: 'cost_usd', nullable: true, transformer: numeric }) costUsd!: number | null;
  @Column('integer', { name: 'duration_ms', nullable: true }) durationMs!: number | null;
}
