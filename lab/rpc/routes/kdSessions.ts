import { openDataFolder } from '../../data/dataFolder.ts';
import { lab, liveSessions } from '../service.ts';

const list = lab.kdSessions.list.handler(() => liveSessions.list());

const open = lab.kdSessions.open.handler(async ({ input }) =>
  liveSessions.open(input, await openDataFolder()),
);

const read = lab.kdSessions.read.handler(({ input, signal }) =>
  liveSessions.read(input.session, input.from, input.state, signal),
);

const type = lab.kdSessions.type.handler(({ input }) => {
  liveSessions.type(input.session, input.line);
  return {};
});

const stop = lab.kdSessions.break.handler(async ({ input }) => {
  await liveSessions.break(input.session);
  return {};
});

const close = lab.kdSessions.close.handler(async ({ input }) => {
  await liveSessions.close(input.session);
  return {};
});

export const kdSessionRoutes = { list, open, read, type, break: stop, close };
