import { startBackend } from './backend-stand-in.ts';
import type { BackendOptions } from './backend-stand-in.ts';
import { partOptions, sayToBench } from './fork-part.ts';
import { startModel } from './model-stand-in.ts';
import type { ModelOptions } from './model-stand-in.ts';

/* The model and the metrics backend in a process of their own, where they have much to do. */

export interface StandInUrls {
  readonly model: string;
  readonly backend: string;
}

const options = partOptions<{ model: ModelOptions; backend: BackendOptions }>();
const [model, backend] = await Promise.all([startModel(options.model), startBackend(options.backend)]);
sayToBench({ model: model.url, backend: backend.url } satisfies StandInUrls);
