// Runs after every `npm install`: builds the command line and the agent, so that `npx fltlab` works.
import './build.ts';
