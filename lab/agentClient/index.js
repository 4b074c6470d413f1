// The lab's side of the agent: how it is started on a machine, and how it is talked to.
export { connectAgent, } from './agentClient.ts';
export { launchCommand } from './launchCommand.ts';
export { startAgent } from './startAgent.ts';
