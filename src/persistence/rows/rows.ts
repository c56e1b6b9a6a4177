import { ConversationRow } from './conversation.entity';
import { DeliveryRow } from './delivery.entity';
import { FiringRow } from './firing.entity';
import { ToolCallRow } from './tool-call.entity';
import { TriageRow } from './triage.entity';
import { TurnRow } from './turn.entity';

/** The tables that are read as wholes. What is written, and what must be one statement, is SQL. */
export const ROWS = [FiringRow, TriageRow, ConversationRow, TurnRow, ToolCallRow, DeliveryRow];
