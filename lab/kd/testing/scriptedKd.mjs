// A program that speaks like kd: for sessions where no Windows is. It prints a prompt, echoes by .echo, runs
// on `g` until Ctrl+C, fills the line by `flood BYTES`, and ends by `q` or `die`.
import { createInterface } from 'node:readline';

const say = (text) => process.stdout.write(text);
const prompt = () => say('0: kd> ');
const line = 'DbgPrint of a driver that reports each of its callbacks in one line of text, number ';

// Like kd, which takes a break-in only while the target runs.
let runs = false;
process.on('SIGINT', () => {
  if (!runs) return;
  runs = false;
  say('Break instruction exception - code 80000003 (first chance)\n');
  prompt();
});

async function flood(bytes) {
  let sent = 0;
  for (let number = 0; sent < bytes;) {
    let block = '';
    while (block.length < 65_536) block += `${line}${(number += 1)}\n`;
    block = block.slice(0, bytes - sent);
    sent += block.length;
    if (!process.stdout.write(block)) await new Promise((go) => process.stdout.once('drain', go));
  }
  say('\n');
}

const run = () => (runs = true);

const commands = {
  '.echo': (text) => say(`${text}\n`),
  g: run,
  q: () => process.exit(0),
  die: () => process.kill(process.pid, 'SIGKILL'),
  flood: (bytes) => flood(Number(bytes)),
  silence: () => {
    say('hush\n');
    run();
  },
  kn: () =>
    say(
      ' # Child-SP          RetAddr               Call Site\n00 fffff801`00000010 fffff801`00000020     dirnotify!PreCreate+0x1f\n',
    ),
  // Part of an answer may look like a prompt.
  tricky: () => say('0: kd> not a prompt\nkd> \nlast line\n'),
};

say('Connected to Windows 10 22621 x64 target at (now), ptr64 TRUE\n');
prompt();
for await (const typed of createInterface({ input: process.stdin })) {
  for (const command of typed.split('; ')) {
    const [name = '', ...rest] = command.split(' ');
    await commands[name]?.(rest.join(' '));
  }
  if (!runs) prompt();
}
