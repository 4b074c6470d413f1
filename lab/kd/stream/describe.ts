// What the pieces of a debugger's stream say, as a line each.
import type { DebugItem } from '../../../contract/debugStream.ts';
import { crashTitle } from '../crash.ts';

/** One line for a reader of the stream; undefined for what the text itself says already. */
export function describeItem(item: DebugItem): string | undefined {
  switch (item.kind) {
    case 'debug-print':
      return item.text;
    case 'trace': {
      const fields = Object.entries(item.fields).map(([name, value]) => `${name}=${value}`);
      return [`${item.driver} #${item.sequence} ${item.event}`, ...fields].join(' ');
    }
    case 'breakpoint':
      return `breakpoint ${item.number}`;
    case 'exception':
      return `exception ${item.code.toString(16)}, ${item.chance} chance`;
    case 'bugcheck':
      return `crash: ${crashTitle(item.crash)} (${item.crash.parameters.join(', ')})`;
    case 'verifier-stop':
      return `Filter Verifier: ${item.message} ${item.details}`;
    case 'waiting-to-reconnect':
      return 'waiting to reconnect';
    case 'connected':
      return `connected to ${item.system}`;
    case 'module':
      return `${item.loaded ? 'loaded' : 'unloaded'} ${item.path}`;
    case 'loss':
      return `lost: ${item.count} (${item.what}: ${item.told})`;
    case 'text':
    case 'prompt':
      return undefined;
  }
}
