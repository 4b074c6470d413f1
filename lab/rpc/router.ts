// Answers the contract: one file of handlers for each part of it. Handlers only forward.
import { comparisonRoutes } from './routes/comparisons.ts';
import { debuggerRoutes } from './routes/debugger.ts';
import { kdSessionRoutes } from './routes/kdSessions.ts';
import { machineRoutes } from './routes/machines.ts';
import { predictionRoutes } from './routes/prediction.ts';
import { referenceRoutes } from './routes/reference.ts';
import { runRoutes } from './routes/runs.ts';
import { samplesRoutes } from './routes/samples.ts';
import { settingsRoutes } from './routes/settings.ts';
import { targetRoutes } from './routes/targets.ts';

export { closeService } from './service.ts';

export const router = {
  samples: samplesRoutes,
  prediction: predictionRoutes,
  comparisons: comparisonRoutes,
  runs: runRoutes,
  targets: targetRoutes,
  reference: referenceRoutes,
  settings: settingsRoutes,
  debugger: debuggerRoutes,
  machines: machineRoutes,
  kdSessions: kdSessionRoutes,
};
