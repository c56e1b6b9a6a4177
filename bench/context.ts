import { BenchStopped } from './bench.ts';
import type { BenchContext, Figure } from './bench.ts';
import { capturedCases } from './context/captured-cases.ts';
import { changeCase } from './context/change-case.ts';
import { startContextBackends } from './context/context-backends.ts';
import { minutesBefore } from './context/context-case.ts';
import type { Plan } from './context/context-case.ts';
import { startContextModel } from './context/context-model.ts';
import { ContextRun, MODEL, USD_PER_TOKEN } from './context/context-run.ts';
import { listCases } from './context/list-cases.ts';
import { logCases } from './context/log-cases.ts';
import { metricCases } from './context/metric-cases.ts';
import { VigilApi } from './context/vigil-api.ts';
import { startPostgres } from './postgres.ts';
import { startVigil } from './vigil-process.ts';

/** How the program answers a call of something that it does not have. */
const NO_SUCH_TOOL = 'There is no tool of this name';

/**
 * What an answer costs in the model's context, beside the answer of the backend as it stands: one question a case, asked
 * of the running program by a model that is told what to ask, and read back from the triage's record.
 */
export async function context(benchContext: BenchContext): Promise<readonly Figure[]> {
  const plan = planOf(benchContext.short);
  const bench = await start(benchContext, plan);
  const lists = listCases(plan);
  const cases = [...metricCases(plan), ...logCases(plan), ...lists, ...capturedCases(plan), changeCase(plan)];
  const figures: Figure[] = [];
  benchContext.note(`prices are those of ${MODEL}'s input: $${USD_PER_TOKEN * 1_000_000} per million tokens`);
  for (const one of cases) {
    const text = await bench.answer(one);
    if (text.includes(NO_SUCH_TOOL)) throw new BenchStopped(`There is no tool ${one.tool}.`);
    figures.push(await bench.figureOf(one, text));
  }
  figures.push(...(await bench.openingFigures(lists, new Set(cases.map(({ tool }) => tool)))));
  return figures;
}

/** A fault that began twenty minutes ago and whose alert fires since fifteen. */
function planOf(short: boolean): Plan {
  const now = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  return {
    now,
    onset: minutesBefore(now, 20),
    startsAt: minutesBefore(now, 15),
    share: (count) => (short ? Math.ceil(count / 10) : count),
  };
}

async function start(benchContext: BenchContext, plan: Plan): Promise<ContextRun> {
  const postgres = await startPostgres(benchContext);
  const backends = await startContextBackends();
  benchContext.undo(() => backends.stop());
  const run = new ContextRun(benchContext, plan, backends);
  const model = await startContextModel(
    () => run.call,
    (request) => run.sees(request),
  );
  benchContext.undo(() => model.stop());
  const { urls } = backends;
  const vigil = await startVigil(benchContext, {
    database_url: await postgres.migratedDatabase(),
    claude_base_url: model.url,
    prometheus_endpoint: urls.prometheus,
    loki_endpoint: urls.loki,
    alertmanager_endpoint: urls.alertmanager,
  });
  run.api = new VigilApi(vigil.url);
  return run;
}
