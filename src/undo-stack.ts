import type { Logger } from 'pino';

/** What was started, to be ended in the opposite order, each exactly once and all of them even if one fails. */
export class UndoStack {
  private readonly steps: { readonly name: string; readonly undo: () => Promise<unknown> }[] = [];

  constructor(private readonly log: Logger) {}

  push(name: string, undo: () => Promise<unknown>): void {
    this.steps.push({ name, undo });
  }

  /** @throws the first failure, after all steps were tried */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.undo();
      } catch (err) {
        this.log.error({ err }, `stopping the ${step.name} failed`);
        failures.push(err);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
