// The lab's side of the agent: how it is started on a machine, and how it is talked to.
export {
  connectAgent,
  type AgentClient,
  type AgentClientOptions,
  type Followed,
} from './agentClient.ts';
export { launchCommand, type AgentLaunch } from './launchCommand.ts';
export { startAgent, type AgentMachine, type StartAgentOptions } from './startAgent.ts';
