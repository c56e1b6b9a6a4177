import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('conversations')
export class ConversationRow {
  @PrimaryColumn('text') id!: string;
  @Column('text', { name: 'triage_id' }) triageId!: string;
  @Column('smallint') ordinal!: number;
  @Column('text') purpose!: 'investigation';
  @Column('text') provider!: string;
  @Column('text') model!: string;
  @Column('text', { name: 'prompt_version' }) promptVersion!: string;
  @Column('text', { name: 'system_prompt' }) systemPrompt!: string;
  @Column('text') prefix!: string;
}
