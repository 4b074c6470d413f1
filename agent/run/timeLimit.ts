// A thread whose every answer must come in time: what a driver holds up must not hold up the agent.
import type { ActorThread } from '../thread/messages.ts';

export function withTimeLimit(thread: ActorThread, limit_ms: number): ActorThread {
  return {
    ask: async (kind, ask) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        const problem = `"${kind}" has not returned within ${limit_ms} ms`;
        timer = setTimeout(() => reject(new Error(problem)), limit_ms);
      });
      try {
        return await Promise.race([thread.ask(kind, ask), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
