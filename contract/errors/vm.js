export const vmErrors = {
    'vm.not-found': { whose: 'usage', meaning: 'No virtual machine of that name has been added.' },
    'vm.exists': { whose: 'usage', meaning: 'A virtual machine of that name exists already.' },
    'vm.unknown-to-hypervisor': {
        whose: 'your lab',
        meaning: 'The hypervisor knows no machine of the name or file that the description gives.',
    },
    'vm.tool-missing': {
        whose: 'your lab',
        meaning: 'The program that drives this kind of machine is not installed or cannot be started.',
    },
    'vm.tool-too-old': {
        whose: 'your lab',
        meaning: 'The program that drives the machine lacks what the lab needs; a later version has it.',
    },
    'vm.tool-failed': {
        whose: 'your lab',
        meaning: 'The hypervisor refused an operation; what it said stands beneath.',
    },
    'vm.did-not-answer': {
        whose: 'your lab',
        meaning: 'The hypervisor did not finish an operation within its time limit.',
    },
    'vm.not-able': {
        whose: 'usage',
        meaning: 'This kind of machine, or this one as it is set up, cannot do what was asked.',
    },
    'vm.wrong-state': {
        whose: 'usage',
        meaning: 'The machine is in a state in which what was asked has no meaning.',
    },
    'vm.in-use': {
        whose: 'your lab',
        meaning: 'Another program holds the machine, its disk or its control socket.',
    },
    'vm.start-failed': {
        whose: 'your lab',
        meaning: 'The machine did not start, or ended at once; nothing of it runs.',
    },
    'vm.died': {
        whose: 'your lab',
        meaning: 'The process of the machine ended while something was asked of it.',
    },
    'vm.shut-down-ignored': {
        whose: 'your lab',
        meaning: 'The guest was asked to shut down and did not within the time limit.',
    },
    'vm.snapshot-missing': { whose: 'usage', meaning: 'The machine has no snapshot of that name.' },
    'vm.snapshot-exists': { whose: 'usage', meaning: 'The machine has a snapshot of that name.' },
    'vm.snapshot-needed': {
        whose: 'usage',
        meaning: 'A snapshot cannot be deleted, for others are built on it.',
    },
    'vm.revert-failed': {
        whose: 'your lab',
        meaning: 'The machine could not be put back to a snapshot; it was switched off.',
    },
    'vm.guest-unreachable': {
        whose: 'your lab',
        meaning: 'The machine runs, but nothing answers at its address within the time limit.',
    },
};
