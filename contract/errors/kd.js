export const kdErrors = {
    'kd.not-started': {
        whose: 'your lab',
        meaning: 'The debugger is not installed where the session looks for it, or did not start.',
    },
    'kd.not-connected': {
        whose: 'your lab',
        meaning: 'Nobody answers at the serial line or debugger stub of the machine.',
    },
    'kd.ended': {
        whose: 'your lab',
        meaning: 'The debugger or the line ended while an answer was awaited.',
    },
    'kd.no-answer': {
        whose: 'your lab',
        meaning: 'The debugger did not come to a prompt, or a command did not end, within its limit.',
    },
    'kd.log-failed': {
        whose: 'your lab',
        meaning: 'The log of the session cannot be written; the session was ended with it.',
    },
};
