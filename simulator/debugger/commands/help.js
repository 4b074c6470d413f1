const groups = [
    ['Motion', 'g  g-  p  p-  t  t-  gu  gu-  !tt [event[:moments] | start | end]'],
    ['Breakpoints', 'bp [/t thread] symbol | address | file.c:line   bl  bc  bd  be'],
    ['Stacks', 'k  kn  kb  kv  kc  [Lcount]   .frame  .thread  dv'],
    [
        'Types',
        'dt [address] type [field->field] [-r]   ?? expression   ? expression   .effmach x86 | amd64',
    ],
    ['Memory', 'db  dw  dd  dp  dq  dps  da  du  dS  ln  x'],
    ['Filters', '!fltkd.cbd  .filters  .filter  .instance  .volumes  .volume  .frames'],
    ['I/O', '!devstack  !devobj  !drvobj  !fileobj  !irp'],
    ['Threads', '!thread  !process  !apc  !locks'],
    ['Others', '!pool  !files  !analyze -v  q'],
    ['Refused', 'u  uf  r: there is no machine code'],
];
export const help = () => groups.map(([name, text]) => `${name.padEnd(13)}${text}`);
